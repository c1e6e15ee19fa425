/**
 * The recovery plan: pod instances whose tasks ended although they should run. TRANSIENT brings them back in place, on the same
 * volumes and under the configuration they had; PERMANENT (by `pod replace`, by policy, for an agent that is gone) builds them anew.
 */
import type { PodSpec } from '../../spec/service.ts';
import type { RecoveryType, Service, Session, TaskRecord } from '../state.ts';
import { parsePodInstance, taskName } from '../tasks/name.ts';
import { recordsByPod } from '../tasks/pods.ts';
import { definitionOf, isDown, isLive, isMoved, isPermanentlyFailed, isWanted, wasLaunched } from '../tasks/record.ts';
import { launchStatus, standingOf } from './deploy.ts';
import type { PhaseDraft, PlanDraft } from './intent.ts';
import { leastAdvanced, type Step, type StepStatus, stepName, stepOn } from './plan.ts';

/** `busyOf`: pod instances that an earlier plan works on, or that are on their way out; they are not recovered meanwhile. */
export function recoveryPlan(
  service: Service,
  session: Session,
  busyOf: () => ReadonlySet<string>,
  now: number,
): PlanDraft {
  const phases: PhaseDraft[] = [];
  const open = new Set<string>();
  if (hasTrouble(service)) {
    const busy = busyOf();
    for (const [instance, all] of recordsByPod(service)) {
      if (busy.has(instance)) continue;
      const records = all.filter((record) => wasLaunched(record) || isMoved(record));
      const step = recoveryStep(service, session, instance, records, now);
      if (!step) continue;
      open.add(instance);
      phases.push({ name: step.name, strategy: 'parallel', steps: [step] });
    }
  }
  phases.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [instance, done] of session.recovered) {
    if (open.has(instance)) continue;
    const step = recoveredStep(instance, done);
    phases.push({ name: step.name, strategy: 'parallel', steps: [step] });
  }
  return { name: 'recovery', strategy: 'parallel', phases };
}

/** Nothing is to be recovered while no record needs attention, which is nearly always. */
function hasTrouble(service: Service): boolean {
  for (const record of service.tasks.values()) {
    if (!isLive(record) || record.progress.recovering !== undefined || isPermanentlyFailed(record)) return true;
  }
  return false;
}

function recoveredStep(instance: string, done: { tasks: readonly string[]; type: RecoveryType }): Step {
  const { type, index } = parsePodInstance(instance);
  return { ...stepOn(type, index, stepName(instance, done.tasks), done.tasks, 'COMPLETE'), recovery: done.type };
}

function recoveryStep(
  service: Service,
  session: Session,
  instance: string,
  records: readonly TaskRecord[],
  now: number,
): Step | undefined {
  // The configuration of the failed task: recovery never rolls a change out (scheduler-behaviour 4.12).
  const failed = records.filter((record) => needsRecovery(service, record));
  const source = failed[0] ?? records.find((record) => record.progress.recovering);
  const definition = source && definitionOf(service, source);
  if (!source || !definition) return undefined;
  const { spec, configId, pod, index } = definition;

  const tasks = failed.length > 0 ? relaunchSet(service, pod, index, failed) : recoveringSet(service, pod, index);
  if (tasks.length === 0) return undefined;
  const drawn = stepOn(pod.type, index, stepName(instance, tasks), tasks, 'PENDING');
  const mine = drawn.taskNames.map((task) => service.tasks.get(task));
  const statuses = mine.map((record) => recoveryStatus(service, record));
  const standing = standingOf(leastAdvanced(statuses), mine, { service, session, now }, 'recovery', drawn.name);
  const recovery = recoveryType(records, failed, source);
  const signature = mine.map((record) => record?.info.task_id.value).join(' ');
  const step: Step = { ...drawn, ...standing, recovery, signature };
  if (standing.status !== 'PENDING' && standing.status !== 'PREPARED') return step;
  return { ...step, work: { kind: 'launch', requirement: { pod, index, tasks, spec, configId, recovery } } };
}

/** A pod instance is given up as a whole: what was not launched since has no mark of its own. */
function recoveryType(records: readonly TaskRecord[], failed: readonly TaskRecord[], source: TaskRecord): RecoveryType {
  if (failed.length === 0) return source.progress.recovering ?? 'TRANSIENT';
  return records.some(isPermanentlyFailed) ? 'PERMANENT' : 'TRANSIENT';
}

/** A task with goal RUNNING that is down, that was given up, or that was moved. One that left the definition is not brought back. */
function needsRecovery(service: Service, record: TaskRecord): boolean {
  if (!isDown(record) && !isPermanentlyFailed(record) && !isMoved(record)) return false;
  return isWanted(service, record) && definitionOf(service, record)?.task.goal === 'RUNNING';
}

/** What is relaunched when these failed: they alone, or every running task of the pod if an essential one is among them. */
function relaunchSet(service: Service, pod: PodSpec, index: number, failed: readonly TaskRecord[]): string[] {
  const names = new Set(failed.map((record) => record.info.name));
  const essential = pod.tasks.some((task) => task.essential && names.has(taskName(pod.type, index, task.name)));
  return pod.tasks
    .filter((task) => {
      const record = service.tasks.get(taskName(pod.type, index, task.name));
      if (!record || task.goal !== 'RUNNING' || !isWanted(service, record)) return false;
      if (!wasLaunched(record) && !isMoved(record)) return false;
      return essential || names.has(record.info.name);
    })
    .map((task) => task.name);
}

function recoveringSet(service: Service, pod: PodSpec, index: number): string[] {
  return pod.tasks
    .filter((task) => service.tasks.get(taskName(pod.type, index, task.name))?.progress.recovering)
    .map((task) => task.name);
}

function recoveryStatus(service: Service, record: TaskRecord | undefined): StepStatus {
  if (!record || needsRecovery(service, record)) return 'PENDING';
  if (record.progress.recovering && isLive(record)) return launchStatus(record);
  // Alive beside an essential task that failed: it is ended and relaunched with it.
  return isLive(record) ? 'PENDING' : 'COMPLETE';
}
