/**
 * All that befalls a history: faults of every kind that Mesos, its machines and the store may have, and what operators do. Each
 * action is plain data with chance of its own, so that leaving one out changes no other.
 */
import type { PlanCommand } from '../../runtime/core/plan-command.ts';
import type { PodCommand } from '../../runtime/core/pod-command.ts';
import type { SimulatedAgent } from './agents.ts';
import { changes } from './changes.ts';
import { type Chance, chance } from './ids.ts';
import type { World } from './world.ts';

export interface Action {
  readonly kind: string;
  /** Milliseconds after the action before. */
  readonly after: number;
  /** What it strikes, and how, follows from this. */
  readonly seed: number;
}

/** False when there was nothing to strike. */
type Strike = (world: World, dice: Chance) => boolean | Promise<boolean>;

/** How often each happens, and what it does. */
const KINDS: Readonly<Record<string, readonly [weight: number, strike: Strike]>> = {
  'task failed': [8, endTask],
  'scheduler killed': [4, (world, dice) => kill(world, dice.int(5000))],
  'scheduler killed for long': [1, (world, dice) => kill(world, 60_000 + dice.int(60_000))],
  'store refuses a commit': [2, (world) => failStore(world, 'refused')],
  'store outcome unknown': [2, (world) => failStore(world, 'unknown')],
  'stream broken': [3, (world) => whileAlive(world, () => world.master.breakConnection())],
  'stream silent': [1, (world) => whileAlive(world, () => world.master.silence())],
  'master restarted': [1, (world, dice) => world.restartMaster(50 + dice.int(3000), 1 + dice.int(20_000))],
  'agent loses power': [
    2,
    (world, dice) => onAgent(world, dice, (agent) => world.agents.cutPower(agent, 100 + dice.int(20_000))),
  ],
  'agent cut off, offers rescinded': [
    3,
    (world, dice) => onAgent(world, dice, (agent) => world.agents.partition(agent, 1 + dice.int(5000))),
  ],
  'agent cut off for long': [
    1,
    (world, dice) => onAgent(world, dice, (agent) => world.agents.partition(agent, 80_000 + dice.int(60_000))),
  ],
  'agent gone for good': [1, markGone],
  'statuses delayed': [2, (world, dice) => trouble(world, dice, 'slowUntil')],
  'statuses repeated': [2, (world, dice) => trouble(world, dice, 'repeatsUntil')],
  'statuses lost': [2, (world, dice) => trouble(world, dice, 'losesUntil')],
  'operations failed': [2, (world, dice) => trouble(world, dice, 'refusesUntil')],
  'pod restart': [3, (world, dice) => onPod(world, dice, 'pod-restart')],
  'pod replace': [3, (world, dice) => onPod(world, dice, 'pod-replace')],
  'pod pause': [2, (world, dice) => onPod(world, dice, 'pod-pause')],
  'pod resume': [2, (world, dice) => onPod(world, dice, 'pod-resume')],
  'plan interrupt': [2, (world, dice) => onPlan(world, dice, 'plan-interrupt')],
  'plan continue': [3, (world, dice) => onPlan(world, dice, 'plan-continue')],
  'plan restart': [1, (world, dice) => onPlan(world, dice, 'plan-restart')],
  'plan force-complete': [1, (world, dice) => onPlan(world, dice, 'plan-force-complete')],
  'plan stop': [1, (world, dice) => onPlan(world, dice, 'plan-stop')],
  'plan start': [2, (world, dice) => onPlan(world, dice, 'plan-start')],
  'configuration changed': [4, (world, dice) => change(world, dice, true)],
  'change refused': [1, (world, dice) => change(world, dice, false)],
  'scheduler restarted': [1, restart],
};

export const ACTION_KINDS: readonly string[] = Object.keys(KINDS);

const DECK: readonly string[] = Object.entries(KINDS).flatMap(([kind, [weight]]) => Array(weight).fill(kind));

/** So many actions, of all kinds as often as they are weighed. */
export function dealActions(dice: Chance, count: number, gapMs: number): Action[] {
  return Array.from({ length: count }, () => ({
    kind: dice.pick(DECK),
    after: dice.int(2 * gapMs),
    seed: dice.int(2 ** 31),
  }));
}

export async function strike(world: World, action: Action): Promise<boolean> {
  const kind = KINDS[action.kind];
  if (!kind) throw new Error(`there is no action ${action.kind}`);
  return kind[1](world, chance(action.seed));
}

function whileAlive(world: World, run: () => void): boolean {
  if (!world.scheduler.isAlive()) return false;
  run();
  return true;
}

function kill(world: World, downMs: number): boolean {
  return whileAlive(world, () => world.scheduler.crash(downMs));
}

function failStore(world: World, how: 'refused' | 'unknown'): boolean {
  return whileAlive(world, () => {
    world.scheduler.storeFault = how;
  });
}

function endTask(world: World, dice: Chance): boolean {
  const running = [...world.agents.processes.values()];
  if (running.length === 0) return false;
  const end = dice.pick([{ code: 1 }, { code: 0 }, { signal: 'SIGKILL' }]);
  world.agents.end(dice.pick(running).container, end, 1);
  return true;
}

function onAgent(world: World, dice: Chance, act: (agent: SimulatedAgent) => void): boolean {
  const up = world.agents.list.filter((agent) => agent.link !== 0);
  if (up.length === 0) return false;
  act(dice.pick(up));
  return true;
}

function markGone(world: World, dice: Chance): boolean {
  if (world.agents.gone.size > 0) return false;
  return onAgent(world, dice, (agent) => world.agents.markGone(agent, dice.int(30_000)));
}

function trouble(world: World, dice: Chance, what: keyof SimulatedAgent['trouble']): boolean {
  return onAgent(world, dice, (agent) => {
    agent.trouble[what] = world.now + 1000 + dice.int(20_000);
  });
}

async function onPod(world: World, dice: Chance, kind: PodCommand['kind']): Promise<boolean> {
  const names = [...world.stored().tasks.keys()];
  if (names.length === 0 || !world.scheduler.isAlive()) return false;
  const name = dice.pick(names);
  const dash = name.lastIndexOf('-');
  const pod = name.slice(0, dash);
  const isOne = (kind === 'pod-pause' || kind === 'pod-resume') && dice.once(0.3);
  const tasks = isOne ? { tasks: [name.slice(dash + 1)] } : {};
  await world.command({ kind, service: world.scheduler.definition.spec.name, pod, ...tasks });
  return true;
}

async function onPlan(world: World, dice: Chance, kind: PlanCommand['kind']): Promise<boolean> {
  const plans = world.scheduler.plans();
  if (plans.length === 0) return false;
  const plan = dice.pick(plans);
  const base = { service: world.scheduler.definition.spec.name, plan: plan.name };
  if (kind === 'plan-start') {
    await world.command({ kind, ...base, parameters: dice.once(0.5) ? { WHAT: `run-${dice.int(9)}` } : {} });
    return true;
  }
  const phase = plan.phases.length > 0 && dice.once(0.7) ? dice.pick(plan.phases) : undefined;
  const step = phase && phase.steps.length > 0 && dice.once(0.5) ? dice.pick(phase.steps) : undefined;
  const hasSteps = kind === 'plan-restart' || kind === 'plan-force-complete';
  const element = {
    ...(phase ? { phase: phase.name } : {}),
    ...(hasSteps && step ? { step: step.name } : {}),
  };
  await world.command({ kind, ...base, ...element } as PlanCommand);
  return true;
}

async function change(world: World, dice: Chance, isGood: boolean): Promise<boolean> {
  if (world.scheduler.uninstalling) return false;
  const { definition } = world.scheduler;
  const possible = changes(world.accepted(), isGood);
  if (possible.length === 0) return false;
  const spec = dice.pick(possible);
  await world.restartScheduler({ ...definition, spec });
  return true;
}

async function restart(world: World): Promise<boolean> {
  await world.restartScheduler();
  return true;
}
