/**
 * When a task is checked and what a result means: the checkers of Mesos' default executor (traces 02 and 06, facts 32 and 33). It
 * promises to speak only when there is news; it never runs a command.
 */
import type { CheckInfo, CheckStatusInfo, CommandInfo, HealthCheck } from '../kit/mesos.ts';

/** The timing that both kinds share, with the defaults of Mesos: 15 s delay, 10 s interval, 20 s timeout. Milliseconds. */
interface Schedule {
  readonly command: CommandInfo;
  readonly intervalMs: number;
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** The next run; infinite while one is under way. */
  dueAt: number;
  /** Number of the latest run, so that a late result of an older one is not taken for it. */
  run: number;
}

/** A general check: its result is told, and nothing follows from it. */
export interface Check extends Schedule {
  status: CheckStatusInfo;
}

/** A health check: too many failures in a row end the task. */
export interface Health extends Schedule {
  readonly graceUntil: number;
  readonly allowedFailures: number;
  failures: number;
  succeededOnce: boolean;
}

/** What a health check found out. `kill`: it failed once too often. */
export interface HealthNews {
  healthy: boolean;
  kill: boolean;
}

/** The status of a check before its first result, after a timeout, and in terminal statuses: nothing but its type. */
export function emptyCheckStatus(info: CheckInfo): CheckStatusInfo {
  return { type: info.type ?? 'COMMAND', command: {} };
}

/** A check of a task that started `now`. */
export function createCheck(info: CheckInfo, now: number): Check {
  return { ...schedule(info, info.command?.command, now), status: emptyCheckStatus(info) };
}

/** A health check of a task that started `now`. Defaults: 10 s grace, 3 failures. */
export function createHealth(info: HealthCheck, now: number): Health {
  return {
    ...schedule(info, info.command, now),
    graceUntil: now + 1000 * (info.grace_period_seconds ?? 10),
    allowedFailures: info.consecutive_failures ?? 3,
    failures: 0,
    succeededOnce: false,
  };
}

/** Begins the next run and returns its number. */
export function begin(check: Schedule): number {
  check.dueAt = Number.POSITIVE_INFINITY;
  check.run += 1;
  return check.run;
}

/** Takes a result (no exit code: timed out) and returns the check's status when it changed. */
export function onChecked(check: Check, exitCode: number | undefined, now: number): CheckStatusInfo | undefined {
  check.dueAt = now + check.intervalMs;
  if (check.status.command?.exit_code === exitCode) return undefined;
  check.status = { ...check.status, command: exitCode === undefined ? {} : { exit_code: exitCode } };
  return check.status;
}

/** Takes a result: every failure after the grace period is news, a success only when it is a change. */
export function onHealthChecked(health: Health, exitCode: number | undefined, now: number): HealthNews | undefined {
  health.dueAt = now + health.intervalMs;
  if (exitCode === 0) {
    const change = !health.succeededOnce || health.failures > 0;
    health.succeededOnce = true;
    health.failures = 0;
    return change ? { healthy: true, kill: false } : undefined;
  }
  if (!health.succeededOnce && now <= health.graceUntil) return undefined;
  health.failures += 1;
  return { healthy: false, kill: health.failures >= health.allowedFailures };
}

function schedule(info: CheckInfo | HealthCheck, command: CommandInfo | undefined, now: number): Schedule {
  return {
    command: command ?? {},
    intervalMs: 1000 * (info.interval_seconds ?? 10),
    timeoutMs: 1000 * (info.timeout_seconds ?? 20),
    dueAt: now + 1000 * (info.delay_seconds ?? 15),
    run: 0,
  };
}
