/**
 * Lets the plans work: kills what stands in the way of a step, finds places for what may start, and writes down what is about to
 * be launched. Promises that two steps never hold one pod instance, and that no launch is asked of Mesos before it is recorded.
 */
import { assert } from '../kit/assert.ts';
import type { TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { OfferOperation } from '../kit/mesos-call.ts';
import type { Goal } from '../spec/service.ts';
import {
  type Draft,
  isFull,
  note,
  putAbandoned,
  putInfo,
  putOperation,
  putProgress,
  putProperty,
  putStatus,
  wake,
} from './draft.ts';
import { rolesOf } from './framework.ts';
import type { Kills } from './kill.ts';
import { remember } from './offer/evaluation.ts';
import { explained, unasked } from './offer/explanation.ts';
import { type Market, marketOf } from './offer/market.ts';
import { match, type Placement, type Requirement } from './offer/match.ts';
import { type PlacementView, placed, placementView } from './offer/placement-view.ts';
import { footprintIds } from './offer/reserved.ts';
import { isDone } from './order.ts';
import { COMPLETED, chosenPlan } from './plan/deploy.ts';
import { onDemandSpecs } from './plan/ondemand.ts';
import { candidateSteps, type Plan, type Step, stepId } from './plan/plan.ts';
import { plansOf } from './plan/plans.ts';
import { tasksOf } from './plan/slot.ts';
import { heldPods } from './reconcile.ts';
import { markSurplus, removeDroppedTasks, removePod, uninstall } from './remove.ts';
import { giveUpPods } from './replace.ts';
import { type Service, type Session, targetOf } from './state.ts';
import { certificateOrders } from './tasks/launch/transport-encryption.ts';
import { taskName } from './tasks/name.ts';
import { advanceOverride } from './tasks/override.ts';
import { recordsOfPod } from './tasks/pods.ts';
import { isGone, isLive, isMoved, wasLaunched } from './tasks/record.ts';

/** What the plans made of the offers; what is left of them is answered by `demand.ts`. */
export interface Work {
  readonly kills: Kills;
  /** What is left of the offers. */
  readonly market: Market;
  /** Where the instances of each service are, by its name. */
  readonly placement: ReadonlyMap<string, PlacementView>;
  /** Operations for one ACCEPT each, by the key of its pool. */
  readonly accepts: Map<string, OfferOperation[]>;
  /** Steps that look for a place and have none, by `stepId`. */
  readonly unplaced: Set<string>;
  /** Some plan has steps left: offers will be wanted soon. */
  unfinished: boolean;
  /** The frame is full: the next one goes on with the same offers. */
  cut: boolean;
}

export function placeSteps(draft: Draft): Work {
  const { state } = draft;
  const offers = [...state.session.offers.values()].map((held) => held.offer);
  const work: Work = {
    kills: new Map(),
    market: marketOf(offers, rolesOf(state), state.frameworkId),
    placement: new Map(
      [...state.services].map(([name, service]) => [name, placementView(service, state.session.masterDomain)]),
    ),
    accepts: new Map(),
    unplaced: new Set(),
    unfinished: false,
    cut: false,
  };
  for (const service of state.services.values()) placeService(draft, service, work);
  if (!work.cut) forget(state.session, work.unplaced);
  return work;
}

/** Steps that do not look for a place any more. */
function forget({ explanations, refused }: Session, unplaced: ReadonlySet<string>): void {
  for (const id of explanations.keys()) if (!unplaced.has(id)) explanations.delete(id);
  for (const id of refused.keys()) if (!unplaced.has(id)) refused.delete(id);
}

function placeService(draft: Draft, service: Service, work: Work): void {
  const { session } = draft.state;
  if (service.uninstall) {
    uninstall(draft, service);
    work.unfinished ||= service.uninstall === 'on';
    return;
  }
  markSurplus(draft, service);
  removeDroppedTasks(draft, service);
  giveUpPods(draft, service);
  const held = heldPods(draft, service);
  const taken = new Set<string>();
  const plans = plansOf(service, session, draft.now);
  killUnplanned(service, session, plans, work.kills);
  const candidates = plans.map((plan) => ({ plan: plan.name, steps: candidateSteps(plan) }));
  for (const { plan, steps } of candidates) {
    for (const step of steps) {
      if (isFull(draft)) {
        work.cut = true;
        break;
      }
      if (step.delayedUntil !== undefined) wake(draft, step.delayedUntil);
      const { pod } = step;
      if (taken.has(pod)) continue;
      taken.add(pod);
      if (held.unconfirmed.has(pod) || !step.work) continue;
      if (step.work.kind === 'remove') {
        const records = recordsOfPod(service, step.podType, step.podIndex);
        if (!held.unsettled.has(pod)) removePod(draft, service, pod, records);
        continue;
      }
      const { requirement } = step.work;
      // What was being reserved for a pod that is built anew elsewhere does not matter any more.
      if (held.unsettled.has(pod) && requirement.recovery !== 'PERMANENT') continue;
      launchStep(draft, service, { plan, step }, requirement, work);
    }
  }
  // What was decided in this frame finishes nothing: only statuses do, and they came before. (A removal wakes the next frame.)
  if (plans[0]?.status === 'COMPLETE') putProperty(draft, service, COMPLETED, 'DEPLOY');
  // Whatever its errors; what is held by an operator is no candidate.
  work.unfinished ||= candidates.some(({ steps }) => steps.length > 0) || service.abandoned.size > 0;
}

/** Tasks that no plan can launch have no place in the service; their reservations stay until their pods are removed. */
function killUnplanned(service: Service, session: Session, plans: readonly Plan[], kills: Kills): void {
  const spec = targetOf(service);
  const specs = [chosenPlan(spec, service.plans, session.updating), ...onDemandSpecs(service.plans)];
  const defined = specs.map((plan) => tasksOf(plan, spec));
  for (const record of service.tasks.values()) {
    const { name } = record.info;
    // What a plan of the file names is known by its definition; only for others are all steps looked through.
    if (!isLive(record) || defined.some((tasks) => tasks.has(name)) || isPlanned(name, plans)) continue;
    kills.set(record.info.task_id.value, { agentId: record.info.agent_id.value, why: 'no plan launches this task' });
  }
}

function isPlanned(task: string, plans: readonly Plan[]): boolean {
  return plans.some(({ phases }) => phases.some(({ steps }) => steps.some((step) => step.taskNames.includes(task))));
}

/** A step with the plan that it is of. */
interface PlannedStep {
  readonly plan: string;
  readonly step: Step;
}

/** Ends what stands in the way, else looks for a place. */
function launchStep(
  draft: Draft,
  service: Service,
  { plan, step }: PlannedStep,
  requirement: Requirement,
  work: Work,
): void {
  const { explanations } = draft.state.session;
  // First of all: a task that runs is not ended for one that cannot be launched.
  if (lacksCertificates(draft, requirement)) return;
  const standing = inTheWay(service, requirement);
  if (standing === 'starting') return;
  for (const kill of standing) work.kills.set(kill.taskId, { agentId: kill.agentId, why: `step ${step.name}` });
  if (standing.length === 0) {
    placeStep(draft, service, { plan, step }, requirement, work);
    return;
  }
  const id = stepId(service.name, plan, step.name);
  work.unplaced.add(id);
  if (!explanations.has(id)) explanations.set(id, unasked);
}

/** All that are missing are ordered at once. */
function lacksCertificates(draft: Draft, requirement: Requirement): boolean {
  const { settings } = draft.state;
  const { pod, tasks } = requirement;
  const sealed = pod.tasks.filter(
    ({ name, transportEncryption }) => transportEncryption.length > 0 && tasks.includes(name),
  );
  if (sealed.length === 0) return false;
  const orders = sealed.flatMap((task) => certificateOrders({ settings, ...requirement }, task));
  return orders.filter((order) => !isDone(draft, order)).length > 0;
}

/**
 * Living tasks that share a resource set with what shall be launched: they end first. A launch that another plan has under way is
 * not disturbed; its task is rolled once it runs.
 */
function inTheWay(service: Service, requirement: Requirement): 'starting' | { taskId: string; agentId: string }[] {
  const { pod, index, tasks } = requirement;
  const living = pod.tasks.flatMap((task) => {
    const record = service.tasks.get(taskName(pod.type, index, task.name));
    return record && isLive(record) ? [{ record, set: task.resourceSet.id }] : [];
  });
  // Mostly a pod that looks for a place has none.
  if (living.length === 0) return [];
  const sets = new Set(pod.tasks.filter((task) => tasks.includes(task.name)).map((task) => task.resourceSet.id));
  const records = living
    .filter(({ set }) => requirement.recovery === 'PERMANENT' || sets.has(set))
    .map(({ record }) => record);
  const starting = records.some(
    ({ progress, status }) =>
      progress.recovering && status?.state !== 'TASK_RUNNING' && status?.state !== 'TASK_KILLING',
  );
  if (starting && !requirement.recovery) return 'starting';
  return records.map(({ info }) => ({ taskId: info.task_id.value, agentId: info.agent_id.value }));
}

function placeStep(
  draft: Draft,
  service: Service,
  { plan, step }: PlannedStep,
  requirement: Requirement,
  work: Work,
): void {
  const { state, newId } = draft;
  const { frameworkId, settings, session } = state;
  if (frameworkId === undefined) return;
  const id = stepId(service.name, plan, step.name);
  const question = `${session.landscape} ${requirement.configId} ${requirement.recovery} ${requirement.run?.id}`;
  if (session.refused.get(id) === question) {
    work.unplaced.add(id);
    return;
  }
  const view = work.placement.get(service.name);
  assert(view, 'a view of each service');
  const context = { settings, frameworkId, service, placement: view, newId };
  const found = match(requirement, work.market, context);
  if (!found.ok) {
    work.unplaced.add(id);
    session.refused.set(id, question);
    const why = explained(found.reasons, draft.now, session.explanations.get(id));
    session.explanations.set(id, why);
    if (found.reasons.length > 0) {
      const told = explained(found.reasons, draft.now);
      remember(session.evaluations, { at: draft.now, plan, step: step.name, outcome: { kind: 'refused', why: told } });
    }
    return;
  }
  const { placement } = found;
  const { pool } = placement;
  work.accepts.set(pool.key, [...(work.accepts.get(pool.key) ?? []), ...placement.operations]);
  record(draft, service, requirement, placement);
  placed(view, requirement.pod.type, requirement.index, pool.offer);
  const outcome = { kind: 'placed', agent: pool.hostname } as const;
  remember(session.evaluations, { at: draft.now, plan, step: step.name, outcome });
  note(draft, 'launch', {
    step: step.name,
    agent: pool.hostname,
    agentId: pool.agentId,
    config: requirement.configId,
    recovery: requirement.recovery,
    tasks: [...placement.infos.values()].map((info) => info.task_id.value).join(' '),
  });
}

/** Everything that a restart must know of this launch, before it is asked for. */
function record(draft: Draft, service: Service, requirement: Requirement, placement: Placement): void {
  const before = podFootprint(service, requirement);
  // Asked before the records change: it is they that tell.
  const gone = new Set([...new Set(before.values())].filter((agentId) => isGone(service, agentId)));
  for (const [task, info] of placement.infos) {
    const known = service.tasks.get(task);
    const leftBehind = known !== undefined && (wasLaunched(known) || isMoved(known)) && info.task_id.value === '';
    const stored = putInfo(draft, service, task, info);
    if (leftBehind && goalOf(requirement, task) === 'RUNNING')
      putProgress(draft, service, stored, { recovering: 'PERMANENT' });
    if (!wasLaunched(stored) || stored.status?.task_id.value === info.task_id.value) continue;
    putStatus(draft, service, stored, staging(info, draft.now));
    putProgress(draft, service, stored, {
      recovering: requirement.recovery,
      kill: undefined,
      redo: undefined,
      downSince: undefined,
      // Recovery goes on with the run that launched it; any other plan ends it.
      ...(requirement.run
        ? { run: { id: requirement.run.id, done: false } }
        : requirement.recovery
          ? {}
          : { run: undefined }),
    });
    advanceOverride(draft, service, stored, 'PENDING', 'IN_PROGRESS');
  }
  for (const { id, operation } of placement.pending) putOperation(draft, service, id, operation);
  const after = podFootprint(service, requirement);
  for (const [id, agentId] of before) {
    // An agent that is gone for good holds nothing.
    if (!after.has(id) && !gone.has(agentId)) putAbandoned(draft, service, id, { agentId });
  }
}

function goalOf({ pod, index }: Requirement, task: string): Goal | undefined {
  return pod.tasks.find(({ name }) => taskName(pod.type, index, name) === task)?.goal;
}

/** What the store says of a launch before Mesos does. */
function staging(info: TaskInfo, now: number): TaskStatus {
  return {
    task_id: info.task_id,
    state: 'TASK_STAGING',
    agent_id: info.agent_id,
    ...(info.executor ? { executor_id: info.executor.executor_id } : {}),
    timestamp: now / 1000,
  };
}

/**
 * The resource ids that the records of a pod instance stand for, with their agents. (A task that left the definition is given back
 * with its record.)
 */
function podFootprint(service: Service, { pod, index }: Requirement): Map<string, string> {
  const ids = new Map<string, string>();
  for (const task of pod.tasks) {
    const record = service.tasks.get(taskName(pod.type, index, task.name));
    if (!record) continue;
    for (const id of footprintIds(record.info)) ids.set(id, record.info.agent_id.value);
  }
  return ids;
}
