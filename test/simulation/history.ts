/** One history from its seed: a deployment with faults and an operator, then quiet, then the question whether all is well. */
import type { ServiceSpec } from '../../runtime/spec/service.ts';
import { durable } from './durable.ts';
import { chance } from './ids.ts';
import { invariants, Violation } from './invariants.ts';
import { type CrashPoint, World } from './world.ts';

export interface HistoryOptions {
  readonly spec: ServiceSpec;
  readonly seed: number;
  readonly crashPoint?: CrashPoint;
  /** Random faults and operator actions until this virtual time; 0 means none. */
  readonly troubleMs?: number;
  readonly agents?: number;
}

export interface HistoryResult {
  readonly commits: number;
  readonly calls: number;
  /** How often the scheduler died. */
  readonly crashes: number;
  readonly simulatedMs: number;
  readonly faults: Readonly<Record<string, number>>;
}

const QUIET_MS = 300_000;

/** Throws a `Violation` when a rule is broken, at any step or at the end. */
export async function runHistory(options: HistoryOptions): Promise<HistoryResult> {
  const dice = chance(options.seed);
  const rules = invariants();
  const { spec, crashPoint, agents } = options;
  const world = new World({
    spec,
    chance: dice,
    observer: rules,
    ...(crashPoint ? { crashPoint } : {}),
    ...(agents === undefined ? {} : { agents }),
  });
  const startedAt = world.now;
  const faults: Record<string, number> = {};
  await world.run(100);
  await world.startScheduler();

  const until = world.now + (options.troubleMs ?? 0);
  while (world.now < until) {
    await world.run(dice.int(2000));
    const fault = dice.pick(FAULTS);
    if (await fault.strike(world, dice, rules)) faults[fault.name] = (faults[fault.name] ?? 0) + 1;
  }
  const calm = await world.run(QUIET_MS, () => world.isSchedulerAlive() && isDone(world));
  if (!calm)
    throw new Violation(`invariant 9: not done ${QUIET_MS / 1000} s after the last fault: ${unfinished(world)}`);
  // Long enough for anything that should not happen any more.
  await world.run(30_000);
  settled(world);
  return {
    commits: world.commits,
    calls: world.calls,
    crashes: world.crashes,
    simulatedMs: world.now - startedAt,
    faults,
  };
}

interface Fault {
  readonly name: string;
  /** False when there was nothing to strike. */
  strike(world: World, dice: ReturnType<typeof chance>, rules: ReturnType<typeof invariants>): Promise<boolean>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'task failed',
    async strike(world, dice) {
      const running = [...world.processes.values()];
      if (running.length === 0) return false;
      const end = dice.pick([{ code: 1 }, { code: 0 }, { signal: 'SIGKILL' }]);
      world.end(dice.pick(running).container, end, 1);
      return true;
    },
  },
  {
    name: 'scheduler killed',
    async strike(world, dice) {
      if (!world.isSchedulerAlive()) return false;
      world.crash(dice.int(5000));
      return true;
    },
  },
  {
    name: 'stream broken',
    async strike(world) {
      if (!world.isSchedulerAlive()) return false;
      await world.breakStream();
      return true;
    },
  },
  {
    name: 'power cut on an agent',
    async strike(world, dice) {
      world.cutPower(dice.int(world.agents.length), 100 + dice.int(20_000));
      return true;
    },
  },
  {
    name: 'pod restarted',
    strike: (world, dice, rules) => operate(world, dice, 'pod-restart', rules.restarted),
  },
  {
    name: 'pod replaced',
    strike: (world, dice, rules) => operate(world, dice, 'pod-replace', rules.replaced),
  },
];

async function operate(
  world: World,
  dice: ReturnType<typeof chance>,
  kind: 'pod-restart' | 'pod-replace',
  told: (pod: string) => void,
): Promise<boolean> {
  const pods = [...new Set([...durable(world.data).tasks.keys()].map((task) => task.slice(0, task.lastIndexOf('-'))))];
  if (pods.length === 0 || !world.isSchedulerAlive()) return false;
  const pod = dice.pick(pods);
  told(pod);
  await world.command({ kind, service: world.spec.name, pod });
  return true;
}

function isDone(world: World): boolean {
  const service = world.state()?.services.get(world.spec.name);
  if (!service || service.abandoned.size > 0 || service.operations.size > 0) return false;
  return world.plans().every((plan) => plan.status === 'COMPLETE');
}

function unfinished(world: World): string {
  const steps = world
    .plans()
    .flatMap((plan) => plan.phases.flatMap((phase) => phase.steps.map((s) => `${s.name} ${s.status}`)));
  const service = world.state()?.services.get(world.spec.name);
  return `${steps.join(', ')}; operations ${JSON.stringify([...(service?.operations ?? [])])}; abandoned ${JSON.stringify([...(service?.abandoned ?? [])])}`;
}

/** In the end: each task runs once, on its volumes, and nothing else is left anywhere. */
function settled(world: World): void {
  const names = world.spec.pods.flatMap((pod) =>
    Array.from({ length: pod.count }, (_, index) =>
      pod.tasks.map((task) => `${pod.type}-${index}-${task.name}`),
    ).flat(),
  );
  const running = [...world.processes.values()].map((process) => process.taskName).sort();
  if (running.join() !== [...names].sort().join()) throw new Violation(`invariant 9: runs ${running.join(' ')}`);
  const wanted = [...world.processes.values()].flatMap((process) => process.volumes);
  if (wanted.length !== world.volumes.size) {
    throw new Violation(`invariant 3: ${world.volumes.size} volumes for ${wanted.length} that are used`);
  }
}
