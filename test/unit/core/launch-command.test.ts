/** What is fetched and run, what a pause makes of it, and how far it may go. */
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../runtime/core/state.ts';
import type { ResourceLimits } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import { contextOf, launched } from './launching.ts';
import { pod, task } from './service.ts';

const API = 'http://127.0.0.1:8080/v1/artifacts';
const config = (name: string) => ({ name, destination: `etc/${name}`, template: '' });
const readinessCheck = { command: 'test -f ready', delaySeconds: 1, intervalSeconds: 2, timeoutSeconds: 3 };
const healthCheck = { ...readinessCheck, maxConsecutiveFailures: 4, gracePeriodSeconds: 5 };

describe('what is fetched, in this order', () => {
  const helper = `${API}/bootstrap`;
  const settings = { ...defaultSettings, bootstrapUri: 'https://host/bootstrap.zip' };
  const sidecar = task('sidecar', { configs: [config('other')] });
  test.each<[string, Parameters<typeof pod>[1], boolean, string[]]>([
    ['the uris of the pod', { uris: ['https://a', 'https://b'] }, false, ['https://a', 'https://b']],
    [
      'the helper before them, when there is something to render, and then the templates',
      { uris: ['https://a'], tasks: [task('server', { configs: [config('x'), config('y')] })] },
      false,
      [helper, 'https://a', `${API}/template/config/web/server/x`, `${API}/template/config/web/server/y`],
    ],
    [
      'the helper also when only another task of the pod has templates',
      { tasks: [task('server'), sidecar] },
      false,
      [helper],
    ],
    [
      'not the helper when the pod brings one',
      { uris: ['https://a/bootstrap?v=1'], tasks: [task('server', { configs: [config('x')] })] },
      false,
      ['https://a/bootstrap?v=1', `${API}/template/config/web/server/x`],
    ],
    [
      'the bootstrap archive of a paused task before the uris of the pod',
      { uris: ['https://a'], tasks: [task('server', { configs: [config('x')] })] },
      true,
      [helper, 'https://host/bootstrap.zip', 'https://a', `${API}/template/config/web/server/x`],
    ],
    [
      'names that are no plain text in URLs',
      { tasks: [task('server', { configs: [config('a b/c')] })] },
      false,
      [helper, `${API}/template/config/web/server/a%20b%2Fc`],
    ],
  ])('%s', (_, change, paused, uris) => {
    const info = launched(contextOf(pod('web', change), { settings }), paused);
    expect(info.command?.uris?.map(({ value }) => value)).toEqual(uris);
  });

  test('a paused task fetches no archive when none is named', () => {
    expect(launched(contextOf(pod('web')), true).command?.uris).toBeUndefined();
  });
});

test('a paused task sleeps; it is never sick and never ready', () => {
  const web = pod('web', { tasks: [task('server', { healthCheck, readinessCheck, environment: { MINE: 'yes' } })] });
  const running = launched(contextOf(web));
  const paused = launched(contextOf(web), true);
  expect(running.health_check).toMatchObject({ type: 'COMMAND', consecutive_failures: 4, grace_period_seconds: 5 });
  expect(paused.health_check).toBeUndefined();
  expect(paused.command?.value).toBe(defaultSettings.pauseCommand);
  expect(paused.command?.environment, 'to look into').toEqual(running.command?.environment);
  expect(paused.check).toMatchObject({
    type: 'COMMAND',
    delay_seconds: 0,
    interval_seconds: 5,
    timeout_seconds: 5,
    command: { command: { value: 'exit 1' } },
  });
});

test.each([0, 1, 3600])('a grace period of %s seconds', (seconds) => {
  const info = launched(contextOf(pod('web', { tasks: [task('server', { killGracePeriodSeconds: seconds })] })));
  expect(info.kill_policy).toEqual({ grace_period: { nanoseconds: seconds * 1_000_000_000 } });
});

test.each<[string, ResourceLimits, unknown]>([
  ['none', {}, undefined],
  ['cpus', { cpus: 1500 }, { cpus: { value: 1.5 } }],
  ['memory', { memoryMb: 64 }, { mem: { value: 64 } }],
  ['both', { cpus: 2000, memoryMb: 64 }, { cpus: { value: 2 }, mem: { value: 64 } }],
  [
    'unlimited',
    { cpus: 'unlimited', memoryMb: 'unlimited' },
    { cpus: { value: Number.POSITIVE_INFINITY }, mem: { value: Number.POSITIVE_INFINITY } },
  ],
])('limits: %s', (_, limits, said) => {
  const resourceSet = { id: 'set', cpus: 500, memoryMb: 32, ...plainSet, limits };
  expect(launched(contextOf(pod('web', { tasks: [task('server', { resourceSet })] }))).limits).toEqual(said);
});
