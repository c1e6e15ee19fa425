/**
 * The recovery plan: pod instances whose tasks ended although they should run. TRANSIENT brings them back in place, on the same
 * volumes and under the configuration they had; PERMANENT (asked for by `pod replace`) builds them anew elsewhere.
 */
import type { PodSpec } from '../../spec/service.ts';
import type { RecoveryType, Service, Session, TaskRecord } from '../state.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { definitionOf, isDown, isLive, isPermanentlyFailed, podOf, wasLaunched } from '../tasks/record.ts';
import { launchStatus, shown } from './deploy.ts';
import { leastAdvanced, type Phase, type Plan, phaseOf, planOf, type Step, type StepStatus, stepName } from './plan.ts';

/** `busy`: pod instances that an earlier plan works on; they are not recovered meanwhile. */
export function recoveryPlan(service: Service, session: Session, busy: ReadonlySet<string>): Plan {
  const phases: Phase[] = [];
  for (const [instance, tasks] of tasksByPod(service)) {
    if (busy.has(instance)) continue;
    const step = recoveryStep(service, session, instance, tasks);
    if (step) phases.push(phaseOf(step.name, 'parallel', [step]));
  }
  for (const [instance, done] of session.recovered) {
    const name = stepName(instance, done.tasks);
    const pod = instance.lastIndexOf('-');
    if (phases.some((phase) => phase.steps.some((step) => podInstanceName(step.podType, step.podIndex) === instance)))
      continue;
    phases.push(
      phaseOf(name, 'parallel', [
        {
          name,
          status: 'COMPLETE',
          podType: instance.slice(0, pod),
          podIndex: Number(instance.slice(pod + 1)),
          tasks: done.tasks,
          recovery: done.type,
        },
      ]),
    );
  }
  return planOf('recovery', 'parallel', phases);
}

/** The launched tasks of each pod instance, instances in name order. */
function tasksByPod(service: Service): Map<string, TaskRecord[]> {
  const byPod = new Map<string, TaskRecord[]>();
  for (const record of service.tasks.values()) {
    const pod = podOf(record.info);
    if (!pod || !wasLaunched(record)) continue;
    const instance = podInstanceName(pod.type, pod.index);
    byPod.set(instance, [...(byPod.get(instance) ?? []), record]);
  }
  return new Map([...byPod].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function recoveryStep(service: Service, session: Session, instance: string, records: TaskRecord[]): Step | undefined {
  // The configuration of the failed task: recovery never rolls a change out (scheduler-behaviour 4.12).
  const failed = records.filter((record) => needsRecovery(service, record));
  const source = failed[0] ?? records.find((record) => record.progress.recovering);
  const definition = source && definitionOf(service, source);
  if (!source || !definition) return undefined;
  const { spec, configId, pod, index } = definition;

  const tasks = failed.length > 0 ? relaunchSet(service, pod, index, failed) : recoveringSet(service, pod, index);
  if (tasks.length === 0) return undefined;
  const name = stepName(instance, tasks);
  const statuses = tasks.map((task) => recoveryStatus(service, service.tasks.get(taskName(pod.type, index, task))));
  const status = shown(leastAdvanced(statuses), name, session);
  const recovery = recoveryType(failed, source);
  const step: Step = { name, status, podType: pod.type, podIndex: index, tasks, recovery };
  if (status !== 'PENDING' && status !== 'PREPARED') return step;
  return { ...step, requirement: { pod, index, tasks, spec, configId, recovery } };
}

function recoveryType(failed: readonly TaskRecord[], source: TaskRecord): RecoveryType {
  if (failed.length === 0) return source.progress.recovering ?? 'TRANSIENT';
  return failed.every(isPermanentlyFailed) ? 'PERMANENT' : 'TRANSIENT';
}

/** A task with goal RUNNING that is down, or that an operator gave up. */
function needsRecovery(service: Service, record: TaskRecord): boolean {
  if (definitionOf(service, record)?.task.goal !== 'RUNNING') return false;
  return isDown(record) || isPermanentlyFailed(record);
}

/** What is relaunched when these failed: they alone, or every running task of the pod if an essential one is among them. */
function relaunchSet(service: Service, pod: PodSpec, index: number, failed: readonly TaskRecord[]): string[] {
  const names = new Set(failed.map((record) => record.info.name));
  const essential = pod.tasks.some((task) => task.essential && names.has(taskName(pod.type, index, task.name)));
  return pod.tasks
    .filter((task) => {
      const record = service.tasks.get(taskName(pod.type, index, task.name));
      if (!record || !wasLaunched(record) || task.goal !== 'RUNNING') return false;
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
