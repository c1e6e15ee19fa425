import { describe, expect, test } from 'vitest';
import { begin, createCheck, createHealth, onChecked, onHealthChecked } from '../../../runtime/cluster/check.ts';

/** Without an exit code: a timeout. */
const resultOf = (exitCode: number | undefined) => (exitCode === undefined ? {} : { exitCode });

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
    for (const [now, exitCode, news] of results) expect(onHealthChecked(health, resultOf(exitCode), now)).toEqual(news);
  });

  test('runs after its delay, then one interval after each result', () => {
    const health = createHealth({ ...info, delay_seconds: 5 }, 1000);
    expect(health.dueAt).toBe(6000);
    begin(health);
    expect(health.dueAt).toBe(Number.POSITIVE_INFINITY);
    onHealthChecked(health, { exitCode: 0 }, 7500);
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
      (exitCode) => onChecked(check, resultOf(exitCode), 0)?.command,
    );
    expect(news).toEqual([undefined, { exit_code: 1 }, undefined, { exit_code: 0 }, {}, undefined, { exit_code: 0 }]);
  });

  test('of a port tells whether somebody listens, of a page its status code; no answer leaves it empty (trace 06)', () => {
    const tcp = createCheck({ type: 'TCP', tcp: { port: 80 } }, 0);
    expect(tcp.asks).toEqual({ kind: 'tcp', port: 80 });
    expect(onChecked(tcp, { succeeded: false }, 0)).toEqual({ type: 'TCP', tcp: { succeeded: false } });
    const http = createCheck({ type: 'HTTP', http: { port: 80 } }, 0);
    expect(http.asks).toEqual({ kind: 'http', scheme: 'http', port: 80, path: '/' });
    expect(onChecked(http, {}, 0)).toBeUndefined();
    expect(onChecked(http, { statusCode: 404 }, 0)).toEqual({ type: 'HTTP', http: { status_code: 404 } });
  });

  test.each([
    [{ succeeded: true }, true],
    [{ succeeded: false }, false],
    [{ statusCode: 302 }, true],
    [{ statusCode: 404 }, false],
    [{}, false],
  ])('that found %o means healthy: %s', (result, healthy) => {
    const health = createHealth({ type: 'TCP', tcp: { port: 80 }, grace_period_seconds: 0 }, 0);
    expect(onHealthChecked(health, result, 1)?.healthy).toBe(healthy);
  });
});
