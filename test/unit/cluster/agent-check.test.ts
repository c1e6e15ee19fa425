import { describe, expect, test } from 'vitest';
import { begin, createCheck, createHealth, onChecked, onHealthChecked } from '../../../runtime/cluster/check.ts';

describe('a health check', () => {
  const info = { command: { value: 'x' }, grace_period_seconds: 2, consecutive_failures: 3, interval_seconds: 1 };
  const failing = { healthy: false, kill: false };
  const fatal = { healthy: false, kill: true };
  const fine = { healthy: true, kill: false };
  const silence = undefined;

  // Results as [time, exit code, news]; no exit code is a timeout.
  test.each([
    [
      'keeps silent inside the grace period',
      [
        [100, 1, silence],
        [2000, 1, silence],
        [2001, 1, failing],
      ],
    ],
    [
      'kills after as many failures in a row as allowed',
      [
        [3000, 1, failing],
        [4000, undefined, failing],
        [5000, 1, fatal],
      ],
    ],
    [
      'tells a success only when it is a change',
      [
        [100, 0, fine],
        [1100, 0, silence],
        [2100, 1, failing],
        [3100, 0, fine],
      ],
    ],
    [
      'starts counting anew after a success',
      [
        [3000, 1, failing],
        [4000, 1, failing],
        [5000, 0, fine],
        [6000, 1, failing],
      ],
    ],
    [
      'has no grace after the first success',
      [
        [100, 0, fine],
        [1100, 1, failing],
      ],
    ],
  ] as [string, [number, number | undefined, unknown][]][])('%s', (_, results) => {
    const health = createHealth(info, 0);
    for (const [now, exitCode, news] of results) expect(onHealthChecked(health, exitCode, now)).toEqual(news);
  });

  test('runs after its delay, then one interval after each result', () => {
    const health = createHealth({ ...info, delay_seconds: 5 }, 1000);
    expect(health.dueAt).toBe(6000);
    begin(health);
    expect(health.dueAt).toBe(Number.POSITIVE_INFINITY);
    onHealthChecked(health, 0, 7500);
    expect(health.dueAt).toBe(8500);
  });

  test('has the defaults of Mesos', () => {
    expect(createHealth({ command: { value: 'x' } }, 0)).toMatchObject({
      dueAt: 15_000,
      intervalMs: 10_000,
      timeoutMs: 20_000,
      graceUntil: 10_000,
      allowedFailures: 3,
    });
  });
});

describe('a check', () => {
  test('tells a result only when it changed; a timeout empties it again', () => {
    const check = createCheck({ type: 'COMMAND', command: { command: { value: 'x' } } }, 0);
    expect(check.status).toEqual({ type: 'COMMAND', command: {} });
    const news = [undefined, 1, 1, 0, undefined, undefined, 0].map(
      (exitCode) => onChecked(check, exitCode, 0)?.command,
    );
    expect(news).toEqual([undefined, { exit_code: 1 }, undefined, { exit_code: 0 }, {}, undefined, { exit_code: 0 }]);
  });
});
