/**
 * Plans that run when an operator starts them (backup, restore, repair): every other plan of the file. A run has an id; a step is
 * COMPLETE once its tasks reached their goal for that run, whatever becomes of them later.
 */
import type { PlanSpec, PlanSpecs } from '../../spec/service.ts';
import { type Service, type Session, type TaskRecord, targetOf } from '../state.ts';
import { isLive } from '../tasks/record.ts';
import { launchStatus, phaseDraft, standingOf } from './deploy.ts';
import type { PlanDraft, PlanRun } from './intent.ts';
import { leastAdvanced, type Step, type StepStatus } from './plan.ts';
import { slotsOf, stepIn } from './slot.ts';

/** Names with a meaning of their own: never plans on demand. */
const OTHERS = new Set(['deploy', 'update']);

export function onDemandPlans(service: Service, session: Session, now: number): PlanDraft[] {
  return onDemandSpecs(service.plans).map((plan) => onDemandPlan(service, session, plan, now));
}

/** Those of the file's plans that are run on demand. */
export function onDemandSpecs(plans: PlanSpecs): PlanSpec[] {
  return plans.filter((plan) => !OTHERS.has(plan.name));
}

function onDemandPlan(service: Service, session: Session, plan: PlanSpec, now: number): PlanDraft {
  const spec = targetOf(service);
  const intent = service.intents.get(plan.name);
  const run = intent?.config === service.targetId ? intent.run : undefined;
  const phases = plan.phases.map((phase) => {
    const steps = slotsOf(phase, spec).map((slot): Step => {
      const { name, pod, index, tasks, taskNames } = slot;
      const records = taskNames.map((task) => service.tasks.get(task));
      const statuses = records.map((record) => runStatus(record, run));
      const standing = standingOf(leastAdvanced(statuses), records, { service, session, now }, plan.name, name);
      const step = { ...stepIn(slot, standing.status), ...standing };
      if (!run || (standing.status !== 'PENDING' && standing.status !== 'PREPARED')) return step;
      const requirement = { pod, index, tasks, spec, configId: service.targetId, run };
      return { ...step, work: { kind: 'launch', requirement } };
    });
    return phaseDraft(phase, steps);
  });
  return { name: plan.name, strategy: plan.strategy, phases, onDemand: true };
}

/** How far a task is for this run. */
function runStatus(record: TaskRecord | undefined, run: PlanRun | undefined): StepStatus {
  if (!run || record?.progress.run?.id !== run.id) return 'PENDING';
  if (record.progress.run.done) return 'COMPLETE';
  return isLive(record) ? launchStatus(record) : 'PENDING';
}
