/**
 * Invariant 9: once faults stop and room exists, every plan reaches COMPLETE, each task runs once on its volumes, and nothing else
 * is left anywhere; after an uninstall nothing at all.
 */
import { resourceIdOf } from '../../../runtime/core/offer/reserved.ts';
import type { ServiceSpec } from '../../../runtime/spec/service.ts';
import { broken } from '../observer.ts';
import type { World } from '../world.ts';

/** Nothing is left to do, as the scheduler sees it. */
export function isDone(world: World): boolean {
  const { scheduler } = world;
  const service = scheduler.service();
  if (!service || !scheduler.isDurable()) return false;
  if (scheduler.uninstalling) return service.uninstall === 'done';
  // While the master says nothing of a task (its agent is expected back), nobody knows whether all is well.
  if ((scheduler.state()?.session.unconfirmed.size ?? 0) > 0) return false;
  // What was given up on an agent that is gone is waited for until the service is removed: nothing tells of it.
  const isLost = ({ agentId }: { agentId: string }) => world.agents.gone.has(agentId);
  if (service.operations.size > 0 || ![...service.abandoned.values()].every(isLost)) return false;
  return scheduler.plans().every((plan) => plan.status === 'COMPLETE' || isNeverStarted(world, plan.name));
}

function isNeverStarted(world: World, plan: string): boolean {
  const { plans } = world.scheduler.definition;
  return plans.some(({ name }) => name === plan && name !== 'deploy') && !world.scheduler.service()?.intents.has(plan);
}

/** What is still to do, for the one who reads the violation. */
export function unfinished(world: World): string {
  const { scheduler } = world;
  if (scheduler.refusedToStart.length > 0)
    return `the scheduler does not start: ${scheduler.refusedToStart.join('; ')}`;
  const steps = scheduler
    .plans()
    .flatMap((plan) =>
      plan.phases.flatMap((phase) =>
        phase.steps.filter((s) => s.status !== 'COMPLETE').map((s) => `${plan.name} ${s.name} ${s.status}`),
      ),
    );
  const service = scheduler.service();
  const errors = service?.errors ?? [];
  return [
    ...steps,
    ...errors,
    ...[...(service?.operations ?? [])].map(([, operation]) => `${operation.type} open on ${operation.agentId}`),
    ...[...(service?.abandoned ?? [])].map(([id, { agentId }]) => `${id} abandoned on ${agentId}`),
  ].join(', ');
}

/** To be asked when all is done and some time has passed. */
export function settled(world: World): void {
  const { scheduler, agents } = world;
  const spec = scheduler.service()?.configs.get(scheduler.service()?.targetId ?? '');
  if (scheduler.uninstalling) nothingLeft(world);
  else if (spec) asDefined(world, spec);
  if (scheduler.uninstalling || scheduler.service()?.abandoned.size !== 0) return;
  const session = scheduler.state()?.session;
  for (const name of [
    'offers',
    'unconfirmed',
    'unconfirmedOperations',
    'strays',
    'explanations',
    'refused',
    'revivedFor',
  ] as const) {
    if (session && session[name].size > 0 && agents.list.length > 0) broken(7, `${name} is not empty in the end`);
  }
}

function asDefined(world: World, spec: ServiceSpec): void {
  const { processes, volumes } = world.agents;
  const tasks = spec.pods.flatMap((pod) =>
    Array.from({ length: pod.count }, (_, index) =>
      pod.tasks.filter((task) => task.goal === 'RUNNING').map((task) => `${pod.type}-${index}-${task.name}`),
    ).flat(),
  );
  const running = [...processes.values()].map((process) => process.taskName).sort();
  if (world.asked.forced) {
    onlyDefined(running, tasks);
    return;
  }
  if (running.join() !== [...tasks].sort().join()) broken(9, `runs ${running.join(' ')} instead of ${tasks.join(' ')}`);
  const wanted = spec.pods.reduce((sum, pod) => {
    const sets = new Map(pod.tasks.map((task) => [task.resourceSet.id, task.resourceSet.volumes.length]));
    return sum + pod.count * [...sets.values()].reduce((a, b) => a + b, pod.volumes.length);
  }, 0);
  if (wanted !== volumes.size) broken(3, `there are ${volumes.size} volumes instead of ${wanted}`);
}

/** What was forced may be missing; nothing may be too much. */
function onlyDefined(running: readonly string[], tasks: readonly string[]): void {
  const odd = running.find((task, at) => !tasks.includes(task) || running.indexOf(task) !== at);
  if (odd) broken(9, `${odd} runs, and should not`);
}

function nothingLeft(world: World): void {
  const { agents, master, scheduler } = world;
  if (agents.processes.size > 0) broken(9, 'processes run after the uninstall');
  if (agents.volumes.size > 0) broken(9, `volumes are left after the uninstall: ${[...agents.volumes].join(' ')}`);
  for (const agent of agents.list) {
    const left = (agent.saved?.resources ?? []).filter((resource) => resourceIdOf(resource) !== undefined);
    if (left.length > 0) broken(9, `${agent.hostname} still has ${left.length} reservations`);
  }
  // An id that was never stored leaves a framework behind that never did anything: Mesos forgets it in time.
  const { frameworks } = master.view() as { frameworks: readonly { connected: boolean; tasks: readonly unknown[] }[] };
  if (frameworks.some(({ connected, tasks }) => connected || tasks.length > 0))
    broken(9, 'the framework is still there');
  const nodes = [...(scheduler.data?.nodes.keys() ?? [])];
  if (nodes.some((path) => path.startsWith('Tasks/') || path === 'FrameworkID')) broken(9, 'the store is not empty');
}
