/**
 * Invariant 5: a deployment launches in the order that its strategies allow, and nothing that runs is ended but for a reason: an
 * operator asked, its definition changed, it has no place any more, or it goes with its pod.
 */
import type { TaskRecord } from '../../../runtime/core/state.ts';
import { configOf, isLive, podOf } from '../../../runtime/core/tasks/record.ts';
import type { PhaseSpec, PlanSpec, PodSpec, ServiceSpec } from '../../../runtime/spec/service.ts';
import type { Durable } from '../durable.ts';
import { podInstanceOf } from '../names.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

export function order(world: World): Observer {
  return {
    called(call) {
      if (call.type === 'KILL') mayKill(world, call.kill.task_id.value);
      if (call.type !== 'ACCEPT' || world.asked.steered) return;
      const launched = new Set<string>();
      for (const operation of call.accept.operations ?? []) {
        if (operation.type !== 'LAUNCH_GROUP') continue;
        for (const task of operation.launch_group.task_group.tasks) launched.add(task.name);
      }
      for (const task of launched) mayLaunch(world, task);
    },
  };
}

function mayKill(world: World, taskId: string): void {
  const stored = world.stored();
  const record = [...stored.tasks.values()].find((candidate) => candidate.info.task_id.value === taskId);
  const place = record && podOf(record.info);
  if (!record || !place || world.scheduler.uninstalling) return;
  const pod = podInstanceOf(record.info.name);
  if (world.asked.touched.has(pod) || record.progress.run) return;
  const { redo, kill } = record.progress;
  if (world.asked.steered && (redo === taskId || kill === taskId)) return;
  const target = podSpecOf(stored, stored.targetId, place.type);
  if (!target || place.index >= target.count) return;
  if (!isSame(podSpecOf(stored, configOf(record) ?? '', place.type), target)) return;
  // It goes with another task of its pod that ended (and was moved since, without being launched), that takes turns with it, or whose
  // volumes are given up.
  const others = [...stored.tasks.values()].filter(
    (other) => podInstanceOf(other.info.name) === pod && other !== record,
  );
  if (others.some((other) => other.status && (!isLive(other) || other.progress.recovering))) return;
  if (others.some((other) => other.progress.run)) return;
  if (world.asked.steered && others.some(({ progress }) => progress.reached === undefined)) return;
  broken(5, `${record.info.name} is killed, and nobody asked`);
}

function podSpecOf(stored: Durable, configId: string, type: string): PodSpec | undefined {
  return stored.configs.get(configId)?.pods.find((pod) => pod.type === type);
}

/** What a running task is made of is the same, whatever else changed. */
function isSame(a: PodSpec | undefined, b: PodSpec): boolean {
  const made = (pod: PodSpec | undefined) =>
    JSON.stringify(pod && [pod.user, pod.tasks.map(({ essential: _, ...task }) => task)]);
  return made(a) === made(b);
}

/** A launch of the deployment comes after everything that its plan puts first. */
function mayLaunch(world: World, task: string): void {
  const stored = world.stored();
  const spec = stored.configs.get(stored.targetId);
  const record = stored.tasks.get(task);
  if (!spec || !record || record.progress.recovering || record.progress.run) return;
  const plan = deployPlan(world, spec);
  for (const phase of plan.phases) {
    const steps = stepsOf(phase, spec);
    const at = steps.findIndex((step) => step.includes(task));
    if (at >= 0) {
      inPhase(stored, phase, steps, at);
      return;
    }
    if (plan.strategy !== 'serial') continue;
    const late = steps.flat().find((name) => !isReady(stored, name));
    if (late) broken(5, `${task} is launched before ${late} was ready`);
  }
}

function inPhase(stored: Durable, phase: PhaseSpec, steps: readonly string[][], at: number): void {
  const step = steps[at] ?? [];
  const [task = ''] = step;
  const isSerial = phase.strategy.startsWith('serial');
  for (const earlier of steps.slice(0, at)) {
    if (!isSerial && podInstanceOf(earlier[0] ?? '') !== podInstanceOf(task)) continue;
    const late = earlier.find((name) => !isReady(stored, name));
    if (late) broken(5, `${task} is launched before ${late} was ready`);
  }
  if (!phase.strategy.endsWith('canary')) return;
  const intent = stored.intents.get('deploy');
  const through = intent?.config === stored.targetId ? (intent.phases[phase.name]?.proceeded ?? []) : [];
  const names = step.map((name) => name.slice(podInstanceOf(name).length + 1));
  if (through.length < 2 && !through.includes(`${podInstanceOf(task)}:[${names.join(', ')}]`)) {
    broken(5, `${task} is launched, and its canary was not let through`);
  }
}

function isReady(stored: Durable, task: string): boolean {
  const record: TaskRecord | undefined = stored.tasks.get(task);
  const reached = record?.progress.reached;
  if (record?.progress.recovering && reached !== undefined) return true;
  const goal = stored.configs
    .get(stored.targetId)
    ?.pods.find((pod) => task.startsWith(`${pod.type}-`))
    ?.tasks.find((spec) => task.endsWith(`-${spec.name}`))?.goal;
  return reached === stored.targetId || (goal === 'ONCE' && reached !== undefined);
}

function deployPlan(world: World, spec: ServiceSpec): PlanSpec {
  const named = (name: string) => world.scheduler.definition.plans.find((plan) => plan.name === name);
  const given = (world.scheduler.state()?.session.updating ? named('update') : undefined) ?? named('deploy');
  const phases = spec.pods.map((pod): PhaseSpec => ({ name: pod.type, pod: pod.type, strategy: 'serial' }));
  return given ?? { name: 'deploy', strategy: 'serial', phases };
}

/** Full names of tasks, step by step. */
function stepsOf(phase: PhaseSpec, spec: ServiceSpec): string[][] {
  const pod = spec.pods.find((candidate) => candidate.type === phase.pod);
  if (!pod) return [];
  return Array.from({ length: pod.count }, (_, index) => {
    const lists = phase.steps
      ? (phase.steps.byIndex[index] ?? phase.steps.otherwise ?? [])
      : [pod.tasks.map((task) => task.name)];
    return lists.map((names) => names.map((name) => `${pod.type}-${index}-${name}`));
  }).flat();
}
