/**
 * When a task is checked and what a result means: the checkers of Mesos' default executor (traces 02 and 06, facts 32 and 33). It
 * promises to speak only when there is news; it never runs a command.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CheckInfo, CheckStatusInfo, CommandInfo, HealthCheck } from '../kit/mesos.ts';
import type { CheckResult, Probe } from './agent-contract.ts';

/** What a check asks; the agent makes an execution of a command. */
export type Question = { kind: 'command'; command: CommandInfo } | Exclude<Probe, { kind: 'command' }>;

/** The timing that both kinds share, with the defaults of Mesos: 15 s delay, 10 s interval, 20 s timeout. Milliseconds. */
interface Schedule {
  readonly asks: Question;
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
  return statusOf(info.type, {});
}

/** A check of a task that started `now`. */
export function createCheck(info: CheckInfo, now: number): Check {
  const status = emptyCheckStatus(info);
  return { ...schedule(info, questionOf(info, info.command?.command), now), status };
}

/** A health check of a task that started `now`. Defaults: 10 s grace, 3 failures. */
export function createHealth(info: HealthCheck, now: number): Health {
  return {
    ...schedule(info, questionOf(info, info.command), now),
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

/** Takes a result and returns the check's status when it changed. */
export function onChecked(check: Check, result: CheckResult, now: number): CheckStatusInfo | undefined {
  check.dueAt = now + check.intervalMs;
  const status = statusOf(check.status.type, result);
  if (isDeepStrictEqual(status, check.status)) return undefined;
  check.status = status;
  return status;
}

/** Takes a result: every failure after the grace period is news, a success only when it is a change. */
export function onHealthChecked(health: Health, result: CheckResult, now: number): HealthNews | undefined {
  health.dueAt = now + health.intervalMs;
  if (isWell(result)) {
    const change = !health.succeededOnce || health.failures > 0;
    health.succeededOnce = true;
    health.failures = 0;
    return change ? { healthy: true, kill: false } : undefined;
  }
  if (!health.succeededOnce && now <= health.graceUntil) return undefined;
  health.failures += 1;
  return { healthy: false, kill: health.failures >= health.allowedFailures };
}

function isWell({ exitCode, statusCode = 0, succeeded }: CheckResult): boolean {
  return exitCode === 0 || (statusCode >= 200 && statusCode < 400) || succeeded === true;
}

function statusOf(type: CheckStatusInfo['type'] = 'COMMAND', result: CheckResult): CheckStatusInfo {
  const { exitCode, statusCode, succeeded } = result;
  if (type === 'HTTP') return { type, http: statusCode === undefined ? {} : { status_code: statusCode } };
  if (type === 'TCP') return { type, tcp: succeeded === undefined ? {} : { succeeded } };
  return { type, command: exitCode === undefined ? {} : { exit_code: exitCode } };
}

function questionOf({ http, tcp, ...info }: CheckInfo | HealthCheck, command: CommandInfo | undefined): Question {
  if (info.type === 'TCP' && tcp) return { kind: 'tcp', port: tcp.port };
  if (info.type !== 'HTTP' || !http) return { kind: 'command', command: command ?? {} };
  const scheme = 'scheme' in http && http.scheme === 'https' ? 'https' : 'http';
  return { kind: 'http', scheme, port: http.port, path: http.path ?? '/' };
}

function schedule(info: CheckInfo | HealthCheck, asks: Question, now: number): Schedule {
  return {
    asks,
    intervalMs: 1000 * (info.interval_seconds ?? 10),
    timeoutMs: 1000 * (info.timeout_seconds ?? 20),
    dueAt: now + 1000 * (info.delay_seconds ?? 15),
    run: 0,
  };
}
