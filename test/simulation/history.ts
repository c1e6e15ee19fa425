/**
 * One history: a service, and what befalls it, all of it made from a seed before it begins; then quiet, in which operators put
 * right what they left undone, and the question whether all is well.
 */
import { stepId } from '../../runtime/core/plan/plan.ts';
import { defaultSettings } from '../../runtime/core/state.ts';
import type { Machine } from '../../runtime/loop/machine.ts';
import { type Action, dealActions, strike } from './actions.ts';
import { chance } from './ids.ts';
import { broken, Violation } from './observer.ts';
import { isDone, settled, unfinished } from './rules/end.ts';
import { RULES } from './rules.ts';
import type { Definition } from './scheduler.ts';
import { World } from './world.ts';

export interface History {
  readonly seed: number;
  /** Which of the services. */
  readonly service: number;
  /** Peace at the beginning, in milliseconds. */
  readonly peaceMs: number;
  readonly backoff: boolean;
  /** Transactions hold a decision or two, so that every frame is cut short. */
  readonly smallTransactions: boolean;
  readonly actions: readonly Action[];
  readonly uninstall: boolean;
}

export interface Outcome {
  readonly simulatedMs: number;
  /** What was struck, by kind. */
  readonly struck: Readonly<Record<string, number>>;
  /** Present when a rule was broken. */
  readonly violation?: { readonly rule: number; readonly message: string };
}

/** How the scheduler is broken on purpose. */
export type Tamper = (machine: Machine, world: World) => Machine;

const QUIET_MS = 900_000;
/** How often operators look whether something waits for them. */
const LOOK_MS = 20_000;

export function historyOf(seed: number, services: number): History {
  const dice = chance(seed * 7919);
  return {
    seed,
    service: seed % services,
    peaceMs: dice.once(0.4) ? 40_000 : 0,
    backoff: dice.once(0.3),
    actions: dealActions(dice, 8 + dice.int(25), dice.pick([500, 2000, 4000])),
    uninstall: dice.once(0.25),
    smallTransactions: dice.once(0.3),
  };
}

/** Plays it; a broken rule is an outcome, whatever else goes wrong is an error of rule 9: the scheduler ended. */
export async function play(history: History, services: readonly Definition[], tamper?: Tamper): Promise<Outcome> {
  const definition = services[history.service] as Definition;
  const backoff = history.backoff ? { backoff: { initialMs: 3000, factor: 2, maxMs: 20_000 } } : {};
  const world = new World({
    definition,
    chance: chance(history.seed),
    rules: RULES,
    settings: { ...defaultSettings, ...backoff, ...(history.smallTransactions ? { transactionBytes: 3000 } : {}) },
    ...(tamper ? { tamper } : {}),
  });
  const startedAt = world.now;
  const struck: Record<string, number> = {};
  const outcome = () => ({ simulatedMs: world.now - startedAt, struck });
  try {
    await world.run(100);
    await world.restartScheduler();
    await world.run(history.peaceMs);
    for (const action of history.actions) {
      await world.run(action.after);
      if (await strike(world, action)) struck[action.kind] = (struck[action.kind] ?? 0) + 1;
    }
    if (history.uninstall) struck['uninstall'] = 1;
    await settle(world, history.uninstall);
    return outcome();
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 9;
    const { message, stack = '' } = error as Error;
    const where = error instanceof Violation ? '' : `\n${stack}`;
    return { ...outcome(), violation: { rule, message: `${message}${where}` } };
  }
}

/** Faults stop; operators see everything through; then all must be well. */
export async function settle(world: World, uninstall: boolean): Promise<void> {
  const { scheduler } = world;
  scheduler.storeFault = undefined;
  world.agents.repair();
  // Until the master has given up what is gone for good.
  await world.run(world.agents.gone.size > 0 ? 100_000 : 20_000);
  await world.restartScheduler({ ...scheduler.definition, spec: world.accepted() }, uninstall);
  const until = world.now + QUIET_MS;
  for (;;) {
    if (world.now >= until) broken(9, `not done after ${QUIET_MS / 1000} s of quiet: ${unfinished(world)}`);
    if (await world.run(LOOK_MS, () => isDone(world))) {
      // Long enough for anything that should not happen any more.
      await world.run(30_000);
      if (isDone(world)) break;
    } else await seeThrough(world, until - world.now > QUIET_MS / 2);
  }
  settled(world);
}

/** The agent that the resource of an unreserve step is on. */
function abandonedOn(world: World, step: string): string | undefined {
  return world.scheduler.service()?.abandoned.get(step.replace(/^unreserve-/, ''))?.agentId;
}

/** Resumes what is paused, lets go what is held, replaces what ended on an agent before that was taken away: nothing tells of it. */
async function seeThrough(world: World, patient: boolean): Promise<void> {
  const { scheduler } = world;
  if (scheduler.uninstalling || !scheduler.isAlive()) return;
  const service = scheduler.definition.spec.name;
  for (const [task, record] of world.stored().tasks) {
    const isLost = world.agents.gone.has(record.info.agent_id.value);
    if (isLost) await world.command({ kind: 'pod-replace', service, pod: task.slice(0, task.lastIndexOf('-')) });
    if (record.override?.goal !== 'PAUSED') continue;
    await world.command({ kind: 'pod-resume', service, pod: task.slice(0, task.lastIndexOf('-')) });
  }
  for (const plan of scheduler.plans()) {
    if (plan.status === 'COMPLETE') continue;
    if (plan.interrupted) await world.command({ kind: 'plan-continue', service, plan: plan.name });
    for (const phase of plan.phases) {
      for (const { name: step, status } of phase.steps) {
        // What a pod held on an agent that is gone for good is given up by hand: nothing will tell that it is free.
        const held = abandonedOn(world, step);
        if (status === 'COMPLETE' || held === undefined || !world.agents.gone.has(held)) continue;
        await world.command({ kind: 'plan-force-complete', service, plan: plan.name, phase: phase.name, step });
      }
    }
    for (const step of plan.phases.flatMap((phase) => phase.steps)) {
      // Nothing but another place helps a pod that cannot grow where it is.
      const asked = world.scheduler.state()?.session.explanations.get(stepId(service, plan.name, step.name));
      if (patient || step.status !== 'PREPARED' || !asked?.reasons.length) continue;
      await world.command({ kind: 'pod-replace', service, pod: step.pod });
    }
    for (const phase of plan.phases) {
      if (phase.status === 'COMPLETE' || !(phase.interrupted || phase.status === 'WAITING')) continue;
      await world.command({ kind: 'plan-continue', service, plan: plan.name, phase: phase.name });
    }
  }
}
