/**
 * Health and readiness checks as Mesos runs them (svc-yml 4.8). Promises seconds as the definition has them; a paused task is never
 * healthy, sick or ready.
 */
import type { CheckInfo, Environment, HealthCheck } from '../../../kit/mesos.ts';
import type { HealthCheckSpec, ReadinessCheckSpec } from '../../../spec/service.ts';

/** A paused task runs, but is never what it should be (scheduler-behaviour 8.3). */
export const NEVER_READY: ReadinessCheckSpec = {
  command: 'exit 1',
  delaySeconds: 0,
  intervalSeconds: 5,
  timeoutSeconds: 5,
};

export function healthCheckOf(check: HealthCheckSpec, environment: Environment): HealthCheck {
  return {
    type: 'COMMAND',
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
    consecutive_failures: check.maxConsecutiveFailures,
    grace_period_seconds: check.gracePeriodSeconds,
    command: { value: check.command, environment },
  };
}

export function readinessCheckOf(check: ReadinessCheckSpec, environment: Environment): CheckInfo {
  return {
    type: 'COMMAND',
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
    command: { command: { value: check.command, environment } },
  };
}
