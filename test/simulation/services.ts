/** The services that scenarios and the simulator run: the example frameworks, the whole way from their packages, and a few by hand. */
import { fileURLToPath } from 'node:url';
import { loadService } from '../../runtime/packaging/load.ts';
import { printProblem } from '../../runtime/spec/problem.ts';
import type { PlanSpecs, PodSpec, ResourceSet, ServiceSpec, TaskSpec } from '../../runtime/spec/service.ts';
import { plainPod, plainSet, plainTask } from '../support/plain.ts';
import type { Definition } from './scheduler.ts';

/** `frameworks/<name>` as its package configures it, with these variables on top. */
export async function specOf(name: string, env: Record<string, string>): Promise<ServiceSpec> {
  const path = fileURLToPath(new URL(`../../frameworks/${name}`, import.meta.url));
  const loaded = loadService({ path, processEnv: {}, overrides: env });
  if (!loaded.ok) throw new Error(loaded.problems.map(printProblem).join('\n'));
  return loaded.spec;
}

/** What the simulator runs. Scaling stays within what three agents hold. */
export async function definitions(): Promise<Definition[]> {
  return [
    { spec: await specOf('data-store', {}), plans: [] },
    { spec: await specOf('hello-world', {}), plans: [] },
    { spec: service('ledger', [ledger]), plans: ledgerPlans },
    { spec: service('site', [front, worker]), plans: sitePlans },
    {
      spec: {
        ...service('mirror', [mirror]),
        replacement: { permanentFailureTimeoutSeconds: 40, minReplaceDelaySeconds: 20 },
      },
      plans: [],
    },
    { spec: service('vault', [vault]), plans: [] },
  ];
}

function service(name: string, pods: readonly PodSpec[]): ServiceSpec {
  return {
    name,
    role: `${name}-role`,
    principal: `${name}-principal`,
    user: 'root',
    zookeeper: 'master.mesos:2181',
    pods,
  };
}

function task(name: string, resourceSet: ResourceSet, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    name,
    goal: 'RUNNING',
    essential: true,
    resourceSet,
    command: `./${name}`,
    environment: {},
    ...plainTask,
    killGracePeriodSeconds: 5,
    ...more,
  };
}

function set(id: string, ...paths: readonly string[]): ResourceSet {
  const volumes = paths.map((containerPath) => ({ type: 'ROOT' as const, containerPath, sizeMb: 200 }));
  return { id, cpus: 300, memoryMb: 128, ...plainSet, volumes };
}

const data = set('data', 'data', 'log');

/** Set up once on the volumes that the server then runs on; an audit takes the server's place when it is started. */
const ledger: PodSpec = {
  type: 'ledger',
  ...plainPod,
  user: 'root',
  count: 2,
  allowDecommission: true,
  tasks: [
    task('format', data, { goal: 'ONCE' }),
    task('migrate', data, { goal: 'FINISH' }),
    task('server', data),
    task('audit', set('audit-set', 'findings'), { goal: 'FINISH', essential: false }),
  ],
};

const ledgerPlans: PlanSpecs = [
  {
    name: 'deploy',
    strategy: 'serial',
    phases: [
      {
        name: 'ledger',
        pod: 'ledger',
        strategy: 'serial',
        steps: { byIndex: {}, otherwise: [['format'], ['migrate'], ['server']] },
      },
    ],
  },
  {
    name: 'audit',
    strategy: 'serial',
    phases: [{ name: 'audit', pod: 'ledger', strategy: 'parallel', steps: { byIndex: {}, otherwise: [['audit']] } }],
  },
];

/** Two tasks a pod, one of which may fail alone; canaries in both pods. */
const front: PodSpec = {
  type: 'front',
  ...plainPod,
  user: 'root',
  count: 3,
  allowDecommission: true,
  placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 2 },
  tasks: [
    task('web', set('web-set', 'cache'), {
      readinessCheck: { command: './ready', delaySeconds: 0, intervalSeconds: 2, timeoutSeconds: 2 },
    }),
    task('logger', set('logger-set'), { essential: false }),
  ],
};

const worker: PodSpec = {
  type: 'worker',
  ...plainPod,
  user: 'root',
  count: 2,
  allowDecommission: false,
  tasks: [task('run', set('run-set', 'scratch')), task('helper', set('helper-set', 'spool', 'tmp'))],
};

const sitePlans: PlanSpecs = [
  {
    name: 'deploy',
    strategy: 'parallel',
    phases: [
      { name: 'front', pod: 'front', strategy: 'serial-canary' },
      { name: 'worker', pod: 'worker', strategy: 'parallel-canary' },
    ],
  },
  {
    name: 'update',
    strategy: 'serial',
    phases: [
      { name: 'worker', pod: 'worker', strategy: 'parallel' },
      { name: 'front', pod: 'front', strategy: 'serial' },
    ],
  },
];

/** On what the operators of Mesos reserved for its kind, with a volume of the whole pod besides. */
const vault: PodSpec = {
  ...plainPod,
  type: 'vault',
  user: 'root',
  count: 2,
  allowDecommission: true,
  preReservedRole: 'vaults',
  volumes: [{ type: 'ROOT', containerPath: 'shared', sizeMb: 100 }],
  placement: { kind: 'group-by', field: { kind: 'hostname' }, values: 3 },
  tasks: [task('keep', set('keep-set', 'keep')), task('seal', set('seal-set'), { goal: 'FINISH' })],
};

/** Replaced by itself when it stays down. */
const mirror: PodSpec = {
  type: 'mirror',
  ...plainPod,
  user: 'root',
  count: 2,
  allowDecommission: true,
  placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 },
  tasks: [task('copy', set('copy-set', 'copy'))],
};
