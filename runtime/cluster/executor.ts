/**
 * Mesos' default executor as data: how one task goes from STARTING to its end, how it is killed, what its checks say, and what the
 * end of one task means for its group (traces 03 to 06). It promises one terminal status per task; it never sends or runs anything.
 */
import type { CheckStatusInfo, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../kit/mesos.ts';
import type { FrameworkInfo } from '../kit/mesos-call.ts';
import type { CheckKind, CheckResult, ProcessEnd } from './agent-contract.ts';
import {
  begin,
  type Check,
  createCheck,
  createHealth,
  emptyCheckStatus,
  type Health,
  onChecked,
  onHealthChecked,
  type Question,
} from './check.ts';

/** The default executor's own patience, when nobody said otherwise (fact 30). */
const defaultGraceMs = 3000;

/** A task while its process may live. */
export interface Run {
  readonly container: string;
  /** The container of its executor. */
  readonly parent: string;
  /** Tasks launched together share it. */
  readonly group: string;
  readonly info: TaskInfo;
  readonly framework: FrameworkInfo;
  pid?: number;
  /** Set once the task is asked to end. Before it has started there is nothing to signal yet: `escalateAt` is infinite. */
  killing?: { graceMs: number; escalateAt: number };
  /** When `max_completion_time` is over; counts from the start. */
  deadline?: number;
  /** It is over: the task is killed without patience, and has failed. */
  overdue?: true;
  check?: Check;
  health?: Health;
  /** Its group is being killed already. */
  groupEnds: boolean;
}

/** What an executor says about a task; the agent adds ids and time. */
export type News = Pick<TaskStatus, 'state' | 'message' | 'reason' | 'healthy' | 'check_status'>;

/** What is to be done about one task. */
export type Step =
  | { kind: 'say'; news: News }
  | { kind: 'signal'; signal: 'SIGTERM' | 'SIGKILL' }
  | { kind: 'check'; check: CheckKind; run: number; asks: Question; timeoutMs: number };

/** How a container ended: its process exited, or was ended by a signal, or never ran. */
export type End = ProcessEnd | { failure: string };

/** Milliseconds between SIGTERM and SIGKILL: the call's policy, else the task's, else 3 s (fact 30). */
export function graceMs(info: TaskInfo, override?: KillPolicy): number {
  const grace = override?.grace_period ?? info.kill_policy?.grace_period;
  return grace ? grace.nanoseconds / 1e6 : defaultGraceMs;
}

/** The task was handed to the machine. */
export function onLaunch(run: Run): Step[] {
  return [{ kind: 'say', news: { state: 'TASK_STARTING', ...lastCheck(run) } }];
}

/** The process runs: TASK_RUNNING, and checks begin; but a task that was killed meanwhile is ended without a word. */
export function onStarted(run: Run, pid: number, now: number): Step[] {
  run.pid = pid;
  if (run.killing) return signalled(run, now);
  if (run.info.check) run.check = createCheck(run.info.check, now);
  if (run.info.health_check) run.health = createHealth(run.info.health_check, now);
  const { max_completion_time } = run.info;
  if (max_completion_time) run.deadline = now + max_completion_time.nanoseconds / 1e6;
  return [{ kind: 'say', news: { state: 'TASK_RUNNING', ...lastCheck(run) } }];
}

/** Asks the task to end. A second time changes nothing, whatever its grace period (fact 30). */
export function kill(run: Run, grace: number, now: number): Step[] {
  if (run.killing) return [];
  run.killing = { graceMs: grace, escalateAt: Number.POSITIVE_INFINITY };
  const told = run.framework.capabilities?.some((capability) => capability.type === 'TASK_KILLING_STATE');
  const steps: Step[] = told ? [{ kind: 'say', news: { state: 'TASK_KILLING', ...lastCheck(run) } }] : [];
  return run.pid === undefined ? steps : [...steps, ...signalled(run, now)];
}

/**
 * The task ended: its terminal status, and for each of `siblings`, the living tasks of its group, what follows: when it failed or
 * was killed they are killed too, with the default patience and not that of their kill policy (as a SHUTDOWN does, trace 23).
 */
export function onEnded(run: Run, end: End, siblings: readonly Run[], now: number): { last: Step; kills: Step[][] } {
  const state = endState(run, end);
  const unhealthy = run.health && run.health.failures >= run.health.allowedFailures;
  const news: News = {
    state,
    message: describe(end),
    ...(run.overdue && state === 'TASK_FAILED' ? { reason: 'REASON_MAX_COMPLETION_TIME_REACHED' } : {}),
    ...(unhealthy ? { healthy: false } : {}),
    ...(run.info.check ? { check_status: emptyCheckStatus(run.info.check) } : {}),
  };
  const last: Step = { kind: 'say', news };
  if (state === 'TASK_FINISHED' || run.groupEnds) return { last, kills: [] };
  const kills = siblings.map((sibling) => {
    sibling.groupEnds = true;
    return kill(sibling, defaultGraceMs, now);
  });
  return { last, kills };
}

/** A check ended; results of a task that is being killed, and of older runs, are dropped. */
export function onCheckResult(run: Run, kind: CheckKind, number: number, result: CheckResult, now: number): Step[] {
  if (run.killing) return [];
  if (kind === 'check') {
    if (run.check?.run !== number) return [];
    const status = onChecked(run.check, result, now);
    return status ? [told(run, 'REASON_TASK_CHECK_STATUS_UPDATED')] : [];
  }
  if (run.health?.run !== number) return [];
  const news = onHealthChecked(run.health, result, now);
  if (!news) return [];
  const steps: Step[] = [told(run, 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED')];
  return news.kill ? [...steps, ...kill(run, graceMs(run.info), now)] : steps;
}

/** What time alone brings: SIGKILL after the grace period, the end of `max_completion_time` (trace 20), the next check. */
export function onTime(run: Run, now: number): Step[] {
  if (run.killing) {
    if (now < run.killing.escalateAt) return [];
    run.killing.escalateAt = Number.POSITIVE_INFINITY;
    return [{ kind: 'signal', signal: 'SIGKILL' }];
  }
  if (run.deadline !== undefined && now >= run.deadline) {
    run.overdue = true;
    return kill(run, 0, now);
  }
  const steps: Step[] = [];
  if (run.check && now >= run.check.dueAt) steps.push(begun('check', run.check));
  if (run.health && now >= run.health.dueAt) steps.push(begun('health', run.health));
  return steps;
}

/** When `onTime` may next have something to do. */
export function wakeAt(run: Run): number {
  if (run.killing) return run.killing.escalateAt;
  const never = Number.POSITIVE_INFINITY;
  return Math.min(run.check?.dueAt ?? never, run.health?.dueAt ?? never, run.deadline ?? never);
}

function begun(kind: CheckKind, check: Check | Health): Step {
  return { kind: 'check', check: kind, run: begin(check), asks: check.asks, timeoutMs: check.timeoutMs };
}

function signalled(run: Run, now: number): Step[] {
  const killing = run.killing!;
  if (killing.graceMs <= 0) return [{ kind: 'signal', signal: 'SIGKILL' }];
  killing.escalateAt = now + killing.graceMs;
  return [{ kind: 'signal', signal: 'SIGTERM' }];
}

/** A running task's newest results: every status but the last carries them (fact 33). */
function lastCheck(run: Run): { healthy?: boolean; check_status?: CheckStatusInfo } {
  const { check, health, info } = run;
  const healthy = health && (health.failures > 0 ? false : health.succeededOnce ? true : undefined);
  const status = check?.status ?? (info.check && emptyCheckStatus(info.check));
  return { ...(healthy === undefined ? {} : { healthy }), ...(status ? { check_status: status } : {}) };
}

function told(run: Run, reason: string): Step {
  return { kind: 'say', news: { state: 'TASK_RUNNING', reason, ...lastCheck(run) } };
}

/** Killed wins over any exit status, also over 0 (the default executor's order). */
function endState(run: Run, end: End): TaskState {
  if ('failure' in end) return 'TASK_FAILED';
  if (run.killing && !run.overdue) return 'TASK_KILLED';
  return 'code' in end && end.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
}

/** In the words of a Mesos agent (facts 28 and 29). */
function describe(end: End): string {
  if ('failure' in end) return end.failure;
  if ('code' in end) return `Command exited with status ${end.code}`;
  return `Command terminated with signal ${signalNames[end.signal] ?? end.signal}`;
}

/** As `strsignal` of the C library names them. */
const signalNames: Record<string, string> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
};
