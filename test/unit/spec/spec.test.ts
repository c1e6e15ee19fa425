import { describe, expect, test } from 'vitest';
import { plainPod, plainSet, plainTask } from '../../support/plain.ts';
import { mistakesIn, parsed, service, warningsIn } from './definitions.ts';

describe('a definition that is right', () => {
  test('becomes a spec with every default filled in', () => {
    expect(parsed(service())).toStrictEqual({
      name: 'store',
      role: 'store-role',
      principal: 'store-principal',
      user: 'root',
      zookeeper: 'master.mesos:2181',
      pods: [
        {
          ...plainPod,
          type: 'data',
          user: 'root',
          count: 1,
          allowDecommission: false,
          placement: { kind: 'local-region' },
          tasks: [
            {
              ...plainTask,
              name: 'node',
              goal: 'RUNNING',
              essential: true,
              resourceSet: { id: 'node-resource-set', cpus: 500, memoryMb: 0, ...plainSet },
              command: './run',
              environment: {},
              killGracePeriodSeconds: 0,
            },
          ],
        },
      ],
    });
  });

  test('keeps all that it says', () => {
    const spec = parsed(`
name: /team/store
web-url: http://store
scheduler: {principal: p, user: nobody, zookeeper: 'zk:2181'}
pods:
  data:
    count: 3
    allow-decommission: yes
    placement: '[["hostname","UNIQUE"]]'
    resource-sets:
      shared: {cpus: 1.5, memory: 1_024, ports: {http: {port: 8080, env-key: HTTP, advertise: on}}, volumes: {a: {path: a, type: ROOT, size: 10}, b: {path: b, type: ROOT, size: 20}}}
    tasks:
      node:
        goal: running
        essential: no
        cmd: ./run
        env: {VERSION: 1.10, ZERO: 010, FLAG: yes, EMPTY: , NOTHING: null, TEXT: 'null'}
        resource-set: shared
        health-check: {cmd: a, interval: 1, grace-period: 2, max-consecutive-failures: 3, delay: 4, timeout: 5}
        readiness-check: {cmd: b, interval: 6, timeout: 7}
        kill-grace-period: 30
`);
    expect(spec).toMatchObject({
      name: '/team/store',
      role: 'team__store-role',
      principal: 'p',
      user: 'nobody',
      zookeeper: 'zk:2181',
      webUrl: 'http://store',
    });
    expect(spec.pods[0]).toMatchObject({
      count: 3,
      user: 'nobody',
      allowDecommission: true,
      placement: {
        kind: 'all',
        rules: [{ kind: 'local-region' }, { kind: 'max-per', field: { kind: 'hostname' }, max: 1 }],
      },
    });
    expect(spec.pods[0]?.tasks[0]).toStrictEqual({
      ...plainTask,
      name: 'node',
      goal: 'RUNNING',
      essential: false,
      resourceSet: {
        ...plainSet,
        id: 'shared',
        cpus: 1500,
        memoryMb: 1024,
        ports: [{ name: 'http', port: 8080, envKey: 'HTTP', advertise: true, ranges: [] }],
        volumes: [
          { type: 'ROOT', containerPath: 'a', sizeMb: 10 },
          { type: 'ROOT', containerPath: 'b', sizeMb: 20 },
        ],
      },
      command: './run',
      environment: { VERSION: '1.10', ZERO: '010', FLAG: 'yes', EMPTY: '', NOTHING: '', TEXT: 'null' },
      healthCheck: {
        command: 'a',
        intervalSeconds: 1,
        gracePeriodSeconds: 2,
        maxConsecutiveFailures: 3,
        delaySeconds: 4,
        timeoutSeconds: 5,
      },
      readinessCheck: { command: 'b', intervalSeconds: 6, timeoutSeconds: 7, delaySeconds: 0 },
      killGracePeriodSeconds: 30,
    });
  });

  test('pods, tasks and ports keep the order of the file', () => {
    const task = '{goal: ONCE, cmd: x, cpus: 1}';
    const spec = parsed(
      `name: s\npods:\n  z: {count: 1, tasks: {b: ${task}, a: ${task}}}\n  a: {count: 1, tasks: {c: ${task}}}\n`,
    );
    expect(spec.pods.map(({ type, tasks }) => [type, tasks.map(({ name }) => name)])).toEqual([
      ['z', ['b', 'a']],
      ['a', ['c']],
    ]);
  });

  test.each([
    ['what it says', '{permanent-failure-timeout-secs: 60, min-replace-delay-secs: 5}', 60, 5],
    ['20 minutes and 10 seconds', '{}', 1200, 10],
  ])('a replacement policy is %s', (_, policy, permanentFailureTimeoutSeconds, minReplaceDelaySeconds) => {
    const spec = parsed(service({ top: [`replacement-failure-policy: ${policy}`] }));
    expect(spec.replacement).toEqual({ permanentFailureTimeoutSeconds, minReplaceDelaySeconds });
  });

  test('a field without a value is not set', () => {
    const spec = parsed(
      service({
        top: ['web-url:', 'scheduler: ~', 'replacement-failure-policy:'],
        task: ['kill-grace-period: ""', 'essential: null', 'env:'],
      }),
    );
    expect(spec).toEqual(parsed(service()));
  });

  test('an alias stands for what it names', () => {
    const spec = parsed(
      `name: s\npods:\n  a: {count: 1, tasks: &t {x: {goal: ONCE, cmd: x, cpus: 1}}}\n  b: {count: 1, tasks: *t}\n`,
    );
    expect(spec.pods[1]?.tasks).toEqual(spec.pods[0]?.tasks);
  });

  test('unknown keys of a pod are warnings', () => {
    const text = service({ pod: ['user: nobody'] });
    expect(mistakesIn(text)).toEqual([]);
    expect(warningsIn(text)).toEqual([
      '5:5 SVC005 pods.data has no field user -> it has: count, allow-decommission, placement, image, networks, rlimits, secrets, uris, env, volume, volumes, host-volumes, external-volumes, resource-sets, pre-reserved-role, share-pid-namespace, seccomp-unconfined, seccomp-profile-name, ipc-mode, shm-size, tasks',
    ]);
  });

  test('resources beside a resource set are ignored with a warning', () => {
    const text = service({ pod: ['resource-sets: {s: {cpus: 1}}'], task: ['resource-set: s'] });
    expect(warningsIn(text)).toEqual([
      '10:9 SVC012 pods.data.tasks.node.cpus is ignored: the task uses resource set s -> remove one of the two',
    ]);
  });
});

describe('one mistake, one message', () => {
  test.each<[string, Parameters<typeof service>[0], string]>([
    [
      'an unknown field',
      { task: ['cmdd: x'] },
      '10:9 SVC005 pods.data.tasks.node has no field cmdd -> did you mean cmd?',
    ],
    [
      'a resource set without a value',
      { pod: ['resource-sets: {s: }'] },
      '5:21 SVC012 pods.data.resource-sets.s reserves nothing -> give it at least one of cpus, gpus, memory and ports (volumes alone do not count)',
    ],
    ['a key that is there twice', { task: ['cpus: 1'] }, '10:9 SVC004 cpus is there twice -> remove one of the two'],
    [
      'a word for a number',
      { task: ['memory: much'] },
      '10:17 SVC008 pods.data.tasks.node.memory must be a whole number, is much -> write a whole number, such as 256',
    ],
    [
      'half a megabyte',
      { task: ['memory: 0.5'] },
      '10:17 SVC008 pods.data.tasks.node.memory must be a whole number, is 0.5 -> write a whole number, such as 256',
    ],
    [
      'no memory',
      { task: ['memory: 0'] },
      '10:17 SVC009 pods.data.tasks.node.memory must be at least 1, is 0 -> write a number that is at least 1',
    ],
    [
      'a long grace period',
      { task: ['kill-grace-period: 3601'] },
      '10:28 SVC009 pods.data.tasks.node.kill-grace-period must be at most 3600, is 3601 -> write a number that is at most 3600',
    ],
    [
      'neither yes nor no',
      { task: ['essential: maybe'] },
      '10:20 SVC008 pods.data.tasks.node.essential must be true or false, is maybe -> write true or false, such as false',
    ],
    [
      'a list for a text',
      { pod: ['placement: [[hostname, UNIQUE]]'] },
      '5:16 SVC008 pods.data.placement must be text, is a list -> put it in quotes',
    ],
    [
      'a text for a map',
      { task: ['env: A=1'] },
      '10:14 SVC008 pods.data.tasks.node.env must be a map, is A=1 -> write a map, such as { LOG_LEVEL: info }',
    ],
    [
      'a PATH volume',
      { task: ['volume: {path: a, type: PATH, size: 1}'] },
      '10:33 SVC009 pods.data.tasks.node.volume.type cannot be PATH -> write ROOT or MOUNT',
    ],
    [
      'a path with a slash',
      { task: ['volume: {path: a/b, type: ROOT, size: 1}'] },
      "10:24 SVC010 pods.data.tasks.node.volume.path cannot be a/b -> use letters, digits, '-' and '_', starting with a letter or digit: a name in the sandbox, without slashes",
    ],
    [
      'an endless port',
      { task: ['ports: {http: {port: 65536}}'] },
      '10:30 SVC009 pods.data.tasks.node.ports.http.port must be at most 65535, is 65536 -> write a number that is at most 65535',
    ],
    [
      'a check without a command',
      { task: ['readiness-check: {interval: 1, timeout: 1}'] },
      '10:9 SVC007 pods.data.tasks.node.readiness-check needs cmd -> add cmd: test -f data/ready',
    ],
    [
      'a health check with an empty command',
      {
        task: [
          'health-check: {cmd: "", interval: 1, grace-period: 1, max-consecutive-failures: 1, delay: 0, timeout: 1}',
        ],
      },
      '10:29 SVC007 pods.data.tasks.node.health-check.cmd has no value -> write a value, such as curl -fs localhost:$PORT_HTTP',
    ],
    [
      'a placement with an unknown operator',
      { pod: ['placement: "hostname:UNIQUE,rack:ALIKE:a"'] },
      '5:38 SVC015 placement cannot use the operator "ALIKE" (did you mean LIKE?): it is one of UNIQUE, MAX_PER, GROUP_BY, CLUSTER, IS, IS_NOT, LIKE, UNLIKE -> write field, operator and parameter, such as hostname:MAX_PER:2 or [["@zone", "GROUP_BY", "3"]]',
    ],
    [
      'a policy that would replace at once',
      { top: ['replacement-failure-policy: {permanent-failure-timeout-secs: 0}'] },
      '2:62 SVC009 replacement-failure-policy.permanent-failure-timeout-secs must be at least 1, is 0 -> write a number that is at least 1',
    ],
    [
      'one volume and many',
      { task: ['volume: {path: a, type: ROOT, size: 1}', 'volumes: {b: {path: b, type: ROOT, size: 1}}'] },
      '11:9 SVC013 pods.data.tasks.node has both volume and volumes -> move the one into the other',
    ],
    [
      'two volumes in one place',
      { task: ['volumes: {a: {path: x, type: ROOT, size: 1}, b: {path: x, type: ROOT, size: 1}}'] },
      '10:64 SVC013 two volumes have the path x -> give each a path of its own',
    ],
    [
      'a port twice',
      { task: ['ports: {a: {port: 80}, b: {port: 80}, c: {port: 0}, d: {port: 0}}'] },
      '10:42 SVC014 port 80 is asked for twice in pod data -> use another number, or 0 for any free port',
    ],
    [
      'a resource set that is not there',
      { pod: ['resource-sets: {shared: {memory: 1}}'], task: ['resource-set: shard'] },
      '11:23 SVC012 pod data has no resource set shard -> did you mean shared?',
    ],
    [
      'a resource set of volumes only',
      { pod: ['resource-sets: {s: {volume: {path: a, type: ROOT, size: 1}}}'] },
      '5:21 SVC012 pods.data.resource-sets.s reserves nothing -> give it at least one of cpus, gpus, memory and ports (volumes alone do not count)',
    ],
    [
      'a set with the name of a private one',
      { pod: ['resource-sets: {node-resource-set: {cpus: 1}}'] },
      '5:21 SVC012 resource set node-resource-set has the name of the private set of task node -> rename it',
    ],
    [
      'a merge key',
      { task: ['<<: {essential: no}'] },
      '10:9 SVC005 merge keys (<<) are not supported -> write the fields out',
    ],
  ])('%s', (_, definition, expected) => {
    expect(mistakesIn(service(definition))).toEqual([expected]);
  });

  test.each([
    [
      'a missing count, though a key is almost right',
      'count: 1',
      'counts: 3',
      '3:3 SVC007 pods.data needs count -> add count: 3',
    ],
    [
      'a count without a value',
      'count: 1',
      'count:',
      '4:11 SVC007 pods.data.count has no value -> write a value, such as 3',
    ],
    [
      'a required field that is misspelt',
      'cmd: ./run',
      'cmdd: ./run',
      '8:9 SVC005 pods.data.tasks.node has no field cmdd -> did you mean cmd?',
    ],
    [
      'a negative count',
      'count: 1',
      'count: -2',
      '4:12 SVC009 pods.data.count must be at least 0, is -2 -> write a number that is at least 0',
    ],
    [
      'no cpu',
      'cpus: 0.5',
      'cpus: 0',
      '9:15 SVC009 pods.data.tasks.node.cpus must be at least 0.001, is 0 -> write a number that is at least 0.001',
    ],
    [
      'no resources',
      'cpus: 0.5',
      'essential: yes',
      '6:7 SVC012 pods.data.tasks.node reserves nothing -> give it at least one of cpus, gpus, memory and ports (volumes alone do not count)',
    ],
    [
      'an old goal',
      'RUNNING',
      'FINISHED',
      '7:15 SVC010 pods.data.tasks.node.goal cannot be FINISHED -> write RUNNING, FINISH or ONCE',
    ],
    [
      'a service name with __',
      'name: store',
      'name: a__b',
      "1:7 SVC010 name cannot be a__b -> use letters, digits, '.', '-' and '_' between slashes, never '__': the name becomes part of task ids and DNS names",
    ],
    [
      'a task name with __',
      'node:',
      'a__b:',
      "6:7 SVC010 a name cannot be a__b -> use letters, digits, '-' and '_', starting and ending with a letter or digit, not digits alone, never '__': the name becomes part of task ids and DNS names",
    ],
    [
      'a pod name with a slash',
      '  data:',
      '  da/ta:',
      "3:3 SVC010 a name cannot be da/ta -> use letters, digits, '-' and '_', starting and ending with a letter or digit, not digits alone, never '__': the name becomes part of task ids and DNS names",
    ],
    [
      'a pod name from the prototype',
      '  data:',
      '  __proto__:',
      "3:3 SVC010 a name cannot be __proto__ -> use letters, digits, '-' and '_', starting and ending with a letter or digit, not digits alone, never '__': the name becomes part of task ids and DNS names",
    ],
    [
      'a service name that is too long',
      'name: store',
      `name: ${'a'.repeat(64)}`,
      '1:7 SVC011 the service name has 64 characters without its slashes -> use at most 63: it is one label of a DNS name',
    ],
    [
      'a task name that is too long',
      'node:',
      `${'a'.repeat(60)}:`,
      `6:7 SVC011 the task name data-0-${'a'.repeat(60)} has more than 63 characters -> shorten the pod type or the task: the name is one label of a DNS name`,
    ],
    ['a tab', '    count: 1', '\tcount: 1', '4:1 SVC003 YAML cannot be indented with tabs -> indent with spaces'],
    ['a NUL', 'cmd: ./run', 'cmd: ./r\0un', '8:17 SVC003 the character U+0000 cannot stand in YAML -> remove it'],
    [
      'a second document',
      'name: store',
      'name: a\n---\nname: store',
      '2:1 SVC003 a second document begins here -> keep one document in a file',
    ],
  ])('%s', (_, before, after, expected) => {
    expect(mistakesIn(service().replace(before, after))).toEqual([expected]);
  });

  test('two advertised ports of one name, wherever they are', () => {
    const task = '{goal: RUNNING, cmd: x, ports: {http: {port: 0, advertise: true}, other: {port: 0}}}';
    const text = `name: s\npods:\n  a: {count: 1, tasks: {x: ${task}}}\n  b: {count: 1, tasks: {x: ${task}}}\n`;
    expect(mistakesIn(text)).toEqual([
      '4:60 SVC014 two advertised ports are called http -> rename one: the name is the name of the endpoint',
    ]);
  });

  test('a pod type that reads as an instance of another', () => {
    const pod = '{count: 1, tasks: {x: {goal: ONCE, cmd: x, cpus: 1}}}';
    expect(mistakesIn(`name: s\npods:\n  a: ${pod}\n  a-0: ${pod}\n  a-b: ${pod}\n`)).toEqual([
      '4:3 SVC011 pod type a-0 reads as an instance of pod a -> rename one of them: task names would not be unique',
    ]);
  });
});

describe('all mistakes at once', () => {
  const template = service()
    .replace('count: 1', 'count: {{COUNT}}')
    .replace('0.5', '{{CPUS}}')
    .replace('RUNNING', '{{GOAL}}');

  test('of different kinds, in the order of the file', () => {
    expect(
      mistakesIn(template, { COUNT: '-1', CPUS: 'many', GOAL: 'REST' }).map((text) =>
        text.split(' ').slice(0, 3).join(' '),
      ),
    ).toEqual([
      '4:12 SVC009 pods.data.count',
      '7:15 SVC010 pods.data.tasks.node.goal',
      '9:15 SVC008 pods.data.tasks.node.cpus',
    ]);
  });

  test('what is missing is reported once, with the other mistakes', () => {
    expect(
      mistakesIn(template, { GOAL: 'REST', PATH: '' }).map((text) => text.split(' ').slice(0, 3).join(' ')),
    ).toEqual(['4:12 SVC001 {{COUNT}}', '7:15 SVC010 pods.data.tasks.node.goal', '9:15 SVC001 {{CPUS}}']);
  });

  test('rules between fields are checked in the pods whose fields are right', () => {
    const task = '{goal: ONCE, cmd: x}';
    const text = `name: s\npods:\n  a: {count: -1, tasks: {x: ${task}}}\n  b: {count: 1, tasks: {x: ${task}}}\n`;
    expect(mistakesIn(text).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '3:14 SVC009 pods.a.count',
      '4:25 SVC012 pods.b.tasks.x',
    ]);
  });
});
