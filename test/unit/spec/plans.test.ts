import { describe, expect, test } from 'vitest';
import { mistakesIn, plansIn, service } from './definitions.ts';

/** Pods `data` (3 instances; format and node take turns, watch runs beside them) and `meta`, then the lines given. */
function withPlans(...lines: string[]): string {
  return `name: store
pods:
  data:
    count: 3
    resource-sets: {disk: {cpus: 1}}
    tasks:
      format: {goal: ONCE, cmd: x, resource-set: disk}
      node: {goal: RUNNING, cmd: x, resource-set: disk}
      watch: {goal: RUNNING, cmd: x, cpus: 1}
  meta: {count: 1, tasks: {node: {goal: RUNNING, cmd: x, cpus: 1}}}
${lines.join('\n')}
`;
}

/** A plan deploy with one phase, `nodes` of pod data, in line 14; what it holds begins in line 15. */
function withPhase(...lines: string[]): string {
  return withPlans('plans:', '  deploy:', '    phases:', '      nodes:', ...lines.map((line) => `        ${line}`));
}

describe('plans that are right', () => {
  test('keep what they say, in the order of the file', () => {
    const plans = plansIn(
      withPlans(
        'plans:',
        '  update: {strategy: parallel, phases: {meta: {pod: meta, strategy: canary}}}',
        '  deploy:',
        '    phases:',
        '      nodes:',
        '        pod: data',
        '        strategy: parallel-canary',
        '        steps:',
        '          - default: [[node, watch]]',
        '          - 0: [[format], [node], [watch]]',
        '          - 2: []',
        '      meta: {pod: meta}',
      ),
    );
    expect(plans).toStrictEqual([
      { name: 'update', strategy: 'parallel', phases: [{ name: 'meta', pod: 'meta', strategy: 'serial-canary' }] },
      {
        name: 'deploy',
        strategy: 'serial',
        phases: [
          {
            name: 'nodes',
            pod: 'data',
            strategy: 'parallel-canary',
            steps: { byIndex: { 0: [['format'], ['node'], ['watch']], 2: [] }, otherwise: [['node', 'watch']] },
          },
          { name: 'meta', pod: 'meta', strategy: 'serial' },
        ],
      },
    ]);
  });

  test.each([
    ['are not there', []],
    ['have no value', ['plans:']],
    ['are an empty map', ['plans: {}']],
  ])('are none when they %s', (_, top) => {
    expect(plansIn(service({ top }))).toEqual([]);
  });

  test.each([
    ['indexes from count on are ignored', ['- default: [[node]]', '- 7: [[format]]'], { 7: [['format']] }],
    ['an empty list is no step', ['- default: [[node]]', '- 0: [[], [node], []]'], { 0: [['node']] }],
  ])('%s', (_, entries, byIndex) => {
    const [plan] = plansIn(withPhase('pod: data', 'steps:', ...entries));
    expect(plan?.phases[0]?.steps).toStrictEqual({ byIndex, otherwise: [['node']] });
  });

  test('no instance needs steps that does not run', () => {
    const [plan] = plansIn(withPhase('pod: data', 'steps: [0: [[node]]]').replace('count: 3', 'count: 1'));
    expect(plan?.phases[0]?.steps).toStrictEqual({ byIndex: { 0: [['node']] } });
  });

  test('an empty list of steps says nothing', () => {
    const [plan] = plansIn(withPhase('pod: meta', 'steps: []'));
    expect(plan?.phases).toStrictEqual([{ name: 'nodes', pod: 'meta', strategy: 'serial' }]);
  });
});

describe('one mistake, one message', () => {
  test.each<[string, string[], string]>([
    [
      'no deploy plan',
      ['plans: {backup: {phases: {meta: {pod: meta}}}}'],
      '11:1 SVC016 there are plans, but none is called deploy -> add deploy: the plan that brings the service up',
    ],
    [
      'a deploy plan that is misspelt',
      ['plans: {deplyo: {phases: {meta: {pod: meta}}}}'],
      '11:1 SVC016 there are plans, but none is called deploy -> rename deplyo to deploy',
    ],
    [
      'a plan that the scheduler makes',
      ['plans:', '  deploy: &p {phases: {meta: {pod: meta}}}', '  recovery: *p'],
      '13:3 SVC016 the scheduler has a plan recovery of its own -> choose another name',
    ],
    [
      'a plan that the scheduler makes when pods go',
      ['plans:', '  deploy: &p {phases: {meta: {pod: meta}}}', '  decommission: *p'],
      '13:3 SVC016 the scheduler has a plan decommission of its own -> choose another name',
    ],
    [
      'a plan without a value',
      ['plans:', '  deploy:'],
      '12:3 SVC007 plans.deploy needs phases -> add phases: { nodes: { pod: data, strategy: parallel } }',
    ],
    [
      'a plan without phases',
      ['plans: {deploy: {phases: {}}}'],
      '11:26 SVC007 plans.deploy.phases is empty -> it needs at least one entry',
    ],
    [
      'a plan of another strategy',
      ['plans: {deploy: {strategy: canary, phases: {meta: {pod: meta}}}}'],
      '11:28 SVC009 plans.deploy.strategy cannot be canary -> write serial or parallel',
    ],
    [
      'a plan name with a slash',
      ['plans:', '  deploy: &p {phases: {meta: {pod: meta}}}', '  back/up: *p'],
      "13:3 SVC010 a name cannot be back/up -> use letters, digits, '.', '-' and '_', starting and ending with a letter or digit, not digits alone: operators type it in commands and addresses",
    ],
    [
      'an unknown field of a plan',
      ['plans: {deploy: {phase: {}, phases: {meta: {pod: meta}}}}'],
      '11:18 SVC005 plans.deploy has no field phase -> did you mean phases?',
    ],
    [
      'no plan, for tasks that take turns',
      [],
      '8:51 SVC016 without plans all tasks are launched together, but format and node take turns on resource set disk -> write a plan deploy, with steps such as [[format], [node]]',
    ],
  ])('%s', (_, lines, expected) => {
    expect(mistakesIn(withPlans(...lines))).toEqual([expected]);
  });

  test.each<[string, string[], string]>([
    ['a phase without a pod', ['strategy: serial'], '14:7 SVC007 plans.deploy.phases.nodes needs pod -> add pod: data'],
    ['a pod that is misspelt', ['pod: dta'], '15:14 SVC016 there is no pod dta -> did you mean data?'],
    ['a pod that is not there', ['pod: names'], '15:14 SVC016 there is no pod names -> the pods are: data, meta'],
    [
      'a phase of another strategy',
      ['pod: meta', 'strategy: random'],
      '16:19 SVC009 plans.deploy.phases.nodes.strategy cannot be random -> write serial, parallel, serial-canary, canary or parallel-canary',
    ],
    [
      'tasks that take turns, without steps',
      ['pod: data'],
      '14:7 SVC016 without steps all tasks are launched together, but format and node take turns on resource set disk -> add steps: - default: [[format], [node]]',
    ],
    [
      'tasks that take turns, in one step',
      ['pod: data', 'steps: [default: [[watch, format, node]]]'],
      '16:43 SVC016 tasks format and node take turns on resource set disk, and cannot be in one step -> give each a step of its own: [[format], [node]]',
    ],
    [
      'two keys in one item',
      ['pod: data', 'steps: [{0: [[node]], default: [[node]]}]'],
      '16:17 SVC016 plans.deploy.phases.nodes.steps.0 has 2 keys, needs exactly one -> write a list item for each: - 0: [[task]] or - default: [[task]]',
    ],
    [
      'an item without a key',
      ['pod: data', 'steps: [{}, default: []]'],
      '16:17 SVC016 plans.deploy.phases.nodes.steps.0 has 0 keys, needs exactly one -> write a list item for each: - 0: [[task]] or - default: [[task]]',
    ],
    [
      'an index without a value',
      ['pod: data', 'steps:', '  - 0:', '  - default: []'],
      '17:15 SVC008 plans.deploy.phases.nodes.steps.0.0 must be a list, is empty -> write a list, such as [[init], [node]]',
    ],
    [
      'a key that is no index',
      ['pod: data', 'steps:', '  - first: [[node]]'],
      '17:13 SVC010 a name cannot be first -> write the index of an instance (0, 1, ...) or default',
    ],
    [
      'an index twice',
      ['pod: data', 'steps:', '  - default: []', '  - 0: [[format]]', '  - 0: [[node]]'],
      '19:13 SVC016 phase nodes has steps for 0 twice -> put all of them into one: - 0: [[first], [second]]',
    ],
    [
      'an index that is missing',
      ['pod: data', 'steps:', '  - 0: [[node]]', '  - 2: [[node]]'],
      '16:9 SVC016 phase nodes has no steps for instance 1, and no default -> add - 1: [[task]], or - default: [[task]] for all others',
    ],
    [
      'a task that is misspelt',
      ['pod: data', 'steps: [default: [[watch], [watch, nod]]]'],
      '16:44 SVC016 pod data has no task nod -> did you mean node?',
    ],
    [
      'a task that is not there, of an instance that does not run',
      ['pod: data', 'steps: [default: [], 9: [[backup]]]'],
      '16:35 SVC016 pod data has no task backup -> its tasks are: format, node, watch',
    ],
    [
      'a task twice in a step',
      ['pod: data', 'steps: [default: [[watch, watch]]]'],
      '16:27 SVC009 plans.deploy.phases.nodes.steps.0.default.0 has watch twice -> remove one of the two',
    ],
    [
      'one list level',
      ['pod: data', 'steps: [default: [node]]'],
      '16:27 SVC008 plans.deploy.phases.nodes.steps.0.default.0 must be a list, is node -> write a list, such as [node]',
    ],
    [
      'one list level beside two',
      ['pod: data', 'steps: [default: [[node], watch]]'],
      '16:35 SVC008 plans.deploy.phases.nodes.steps.0.default.1 must be a list, is watch -> write a list, such as [node]',
    ],
    [
      'three list levels',
      ['pod: data', 'steps: [default: [[[node]]]]'],
      '16:28 SVC008 plans.deploy.phases.nodes.steps.0.default.0.0 must be text, is a list -> write the name of a task: each step is one list of names',
    ],
    [
      'a task without a name',
      ['pod: data', 'steps:', '  - default: [[node, ~]]'],
      '17:30 SVC008 plans.deploy.phases.nodes.steps.0.default.0.1 must be text, is empty -> write the name of a task: each step is one list of names',
    ],
    [
      'no list at all',
      ['pod: data', 'steps: node'],
      '16:16 SVC008 plans.deploy.phases.nodes.steps must be a list, is node -> write a list, such as [{ default: [[init], [node]] }]',
    ],
    [
      'a map for the list',
      ['pod: data', 'steps: {default: [[node]]}'],
      '16:16 SVC008 plans.deploy.phases.nodes.steps must be a list, is a map -> write a list, such as [{ default: [[init], [node]] }]',
    ],
  ])('%s', (_, lines, expected) => {
    expect(mistakesIn(withPhase(...lines))).toEqual([expected]);
  });

  test('a pod that is wrong is not missed by the plans', () => {
    const text = withPhase('pod: data').replace('count: 3', 'count: many');
    expect(mistakesIn(text)).toEqual([
      '4:12 SVC008 pods.data.count must be a whole number, is many -> write a whole number, such as 3',
    ]);
  });

  test('a phase that is wrong hides no mistake of another', () => {
    const found = mistakesIn(withPhase('pods: data', 'strategy: serial', '').concat('      meta: {pod: mta}\n'));
    expect(found).toEqual([
      '15:9 SVC005 plans.deploy.phases.nodes has no field pods -> did you mean pod?',
      '18:19 SVC016 there is no pod mta -> did you mean meta?',
    ]);
  });
});
