/**
 * Invariant 8: what an operator was answered is still so after a restart. At every answer the process is born again from a copy
 * of the disk and asked about it; and what it holds in memory is compared with its disk again and again.
 */
import { boot } from '../../../runtime/core/boot.ts';
import type { Command, Reply } from '../../../runtime/core/command.ts';
import { plansOf } from '../../../runtime/core/plan/plans.ts';
import type { PlanCommand } from '../../../runtime/core/plan-command.ts';
import type { Service } from '../../../runtime/core/state.ts';
import { isLive, isPermanentlyFailed, wasLaunched } from '../../../runtime/core/tasks/record.ts';
import { load } from '../../../runtime/store/layout.ts';
import { openMemoryTree } from '../../../runtime/store/memory.ts';
import type { Durable } from '../durable.ts';
import { countingIds } from '../ids.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

/** Comparing all is dear: every few commits are enough, since what is forgotten stays forgotten. */
const EVERY = 5;

export function promises(world: World): Observer {
  let compared = 0;
  /** The launches that were known when a command was given: what was launched since needs no mark. */
  const known = new WeakMap<Command, ReadonlySet<string>>();
  return {
    commanded(command) {
      const launched = [...world.stored().tasks.values()].filter(wasLaunched);
      known.set(command, new Set(launched.map((record) => record.info.task_id.value)));
    },
    frame() {
      const { scheduler } = world;
      const service = scheduler.service();
      if (scheduler.commits < compared + EVERY || !scheduler.isDurable() || !service || service.uninstall === 'done')
        return;
      compared = scheduler.commits;
      const [held, kept] = [essence(service), essence(world.stored())];
      const different = Object.keys(held).find((key) => held[key] !== kept[key]);
      if (different) broken(8, `in memory ${different} is ${held[different]}, on the disk ${kept[different]}`);
    },
    async replied(command, reply) {
      if (reply.kind !== 'done' && reply.kind !== 'pod') return;
      const reborn = await bornAgain(world);
      if (!reborn || reborn.uninstall) return;
      const forgotten = missing(world, reborn, command, reply, known.get(command) ?? new Set());
      if (forgotten) broken(8, `${command.kind} was answered, and after a restart ${forgotten}`);
    },
  };
}

/** All that decides, as text by what it is about. */
function essence(
  of: Pick<Durable, 'targetId' | 'tasks' | 'intents' | 'operations' | 'abandoned'>,
): Record<string, string> {
  const text: Record<string, string> = { target: of.targetId };
  for (const [name, { info, status, progress, override }] of of.tasks) {
    const labels = (info.labels?.labels ?? []).map((label) => `${label.key}=${label.value}`).join();
    const state = status && [status.task_id.value, status.state, status.check_status?.command?.exit_code];
    text[name] = JSON.stringify([info.task_id.value, info.agent_id.value, labels, state, progress, override]);
  }
  for (const [name, intent] of of.intents) text[`intent ${name}`] = JSON.stringify(intent);
  for (const [id, operation] of of.operations) text[`operation ${id}`] = JSON.stringify(operation);
  for (const [id, { agentId }] of of.abandoned) text[`abandoned ${id}`] = agentId;
  return text;
}

async function bornAgain(world: World): Promise<Service | undefined> {
  const { scheduler } = world;
  const { data, definition } = scheduler;
  if (!data || scheduler.uninstalling) return undefined;
  const tree = openMemoryTree({ nodes: new Map(data.nodes), epoch: 0 });
  const { name } = definition.spec;
  const booted = boot(
    await load(tree, name),
    { ok: true, ...definition },
    scheduler.settings,
    world.now,
    countingIds(99),
  );
  return booted.ok ? booted.state.services.get(name) : undefined;
}

/** What is not as the answer says, in words. */
function missing(
  world: World,
  reborn: Service,
  command: Command,
  reply: Reply,
  known: ReadonlySet<string>,
): string | undefined {
  if (command.kind === 'file-put') {
    return reborn.properties.get(`file-${command.name}`) === command.content ? undefined : 'the file is not there';
  }
  if (!('pod' in command)) return missingOfPlan(world, reborn, command);
  for (const name of reply.kind === 'pod' ? reply.tasks : []) {
    const record = reborn.tasks.get(name);
    if (!record && isSurplus(reborn, name)) continue;
    if (!record) return `there is no ${name}`;
    const id = record.info.task_id.value;
    const isMarked = !isLive(record) || record.progress.kill === id;
    if (command.kind === 'pod-restart' && known.has(id) && !isMarked) return `${name} runs on`;
    if (command.kind === 'pod-replace' && known.has(id) && !isPermanentlyFailed(record))
      return `${name} is not replaced`;
    if (command.kind === 'pod-pause' && record.override?.goal !== 'PAUSED') return `${name} is not paused`;
    if (command.kind === 'pod-resume' && record.override?.goal === 'PAUSED') return `${name} is still paused`;
  }
  return undefined;
}

/** Its pod was on its way out when it was asked about. */
function isSurplus(reborn: Service, task: string): boolean {
  const target = reborn.configs.get(reborn.targetId);
  const pod = target?.pods.find(({ type }) => new RegExp(`^${type}-\\d+-`).test(task));
  const index = Number(/-(\d+)-/.exec(task.slice(pod?.type.length ?? 0))?.[1]);
  return !pod || index >= pod.count;
}

function missingOfPlan(world: World, reborn: Service, command: PlanCommand): string | undefined {
  const state = world.scheduler.state();
  const plan = state && plansOf(reborn, state.session, world.now).find((candidate) => candidate.name === command.plan);
  // A recovery or a removal may be over by the time it is answered.
  if (!plan) return command.plan === 'decommission' ? undefined : 'the plan is gone';
  const phases = plan.phases.filter((phase) => !('phase' in command) || !command.phase || phase.name === command.phase);
  switch (command.kind) {
    case 'plan-interrupt': {
      // A canary that was let through is not held back any more; its phase is held by the gate.
      const parts = command.phase === undefined ? [plan] : phases.filter((phase) => !phase.strategy.endsWith('canary'));
      return parts.every((part) => part.interrupted || part.status === 'COMPLETE') ? undefined : 'it goes on';
    }
    case 'plan-stop':
      return plan.interrupted ? undefined : 'it goes on';
    case 'plan-continue':
      return command.phase === undefined && plan.interrupted ? 'it is held' : undefined;
    case 'plan-start': {
      const given = JSON.stringify(reborn.intents.get(command.plan)?.run?.parameters);
      return given === JSON.stringify(command.parameters) ? undefined : 'its parameters are forgotten';
    }
    case 'plan-force-complete': {
      const steps = phases
        .flatMap((phase) => phase.steps)
        .filter((step) => !command.step || step.name === command.step);
      return steps.every((step) => step.status === 'COMPLETE') ? undefined : 'it is not complete';
    }
    case 'plan-restart':
      return undefined;
  }
}
