/**
 * The sandboxes of the tasks of `mainstay dev`, and how a task ended in one. Promises a short way to each, `sandboxes/<task>` in the
 * data directory, and to tell the end of a task once.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runDirectory, taskDirectory } from '../cluster/agent-container.ts';
import type { Service, State, TaskRecord } from '../core/state.ts';
import { definitionOf, isDown, labelOf, reachesGoal } from '../core/tasks/record.ts';

export interface Sandboxes {
  /** Takes note of the tasks as they are; returns how those ended that ended since, in words. */
  look(state: State, service: string): string[];
  /** How a task ended last, in words. */
  endOf(task: string): string | undefined;
}

/** So much of stderr is told. */
const TOLD_LINES = 5;
const TOLD_CHARS = 2_000;

/** `clusterDir` is where the embedded cluster keeps its agents; the links are made in `linkDir`, which holds nothing else. */
export function openSandboxes(clusterDir: string, linkDir: string): Sandboxes {
  rmSync(linkDir, { recursive: true, force: true });
  mkdirSync(linkDir, { recursive: true });
  const links = new Map<string, string>();
  const ends = new Map<string, { id: string; text: string }>();
  return {
    look(state, name) {
      const service = state.services.get(name);
      if (!service) return [];
      const told: string[] = [];
      for (const record of service.tasks.values()) {
        const { name: task, task_id } = record.info;
        const sandbox = sandboxOf(clusterDir, record, state.frameworkId ?? '');
        if (sandbox !== undefined && links.get(task) !== sandbox) {
          rmSync(join(linkDir, task), { force: true });
          symlinkSync(sandbox, join(linkDir, task));
          links.set(task, sandbox);
        }
        if (!isFailure(service, record) || ends.get(task)?.id === task_id.value) continue;
        const text = endText(record, sandbox);
        ends.set(task, { id: task_id.value, text });
        told.push(text);
      }
      return told;
    },
    endOf: (task) => ends.get(task)?.text,
  };
}

/** Ended without being asked to, and not because its goal was to end. What ended with an earlier cluster is no news. */
function isFailure(service: Service, record: TaskRecord): boolean {
  const { status, info } = record;
  if (!status || !isDown(record) || status.state === 'TASK_KILLED' || status.reason === 'REASON_EXECUTOR_TERMINATED') {
    return false;
  }
  return !reachesGoal(info, status, definitionOf(service, record)?.task.goal ?? 'RUNNING');
}

/** Absent until Mesos has told which container it is. */
function sandboxOf(clusterDir: string, { info, status }: TaskRecord, frameworkId: string): string | undefined {
  const host = labelOf(info, 'offer_hostname');
  const container = status?.container_status?.container_id;
  const executor = status?.executor_id?.value ?? info.executor?.executor_id.value;
  if (!host || !container?.parent || !executor) return undefined;
  const workDir = join(clusterDir, host);
  const run = runDirectory(workDir, info.agent_id.value, frameworkId, executor, container.parent.value);
  return taskDirectory(run, container.value);
}

function endText({ info, status }: TaskRecord, sandbox: string | undefined): string {
  const why = status?.message ? ` (${status.message})` : '';
  const host = labelOf(info, 'offer_hostname');
  const place = sandbox === undefined ? [] : [`  its sandbox: ${sandbox}`, ...lastLines(sandbox)];
  return [`${info.name} ended with ${status?.state}${why}${host ? ` on ${host}` : ''}`, ...place].join('\n');
}

function lastLines(sandbox: string): string[] {
  try {
    const lines = readFileSync(join(sandbox, 'stderr'), 'utf8')
      .slice(-TOLD_CHARS)
      .trimEnd()
      .split('\n')
      .slice(-TOLD_LINES);
    return lines.join('') === '' ? ['  its stderr is empty'] : lines.map((line) => `  stderr: ${line}`);
  } catch {
    return [];
  }
}
