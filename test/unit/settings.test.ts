/** What the scheduler takes from its environment for its tasks. */
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { BadSetting, settingsOf } from '../../runtime/settings.ts';

test.each<[string, string | undefined, Record<string, string>, string]>([
  ['what is advertised: a host', 'scheduler.example', {}, 'http://scheduler.example:8080'],
  ['a host and a port', '10.0.0.1:31000', {}, 'http://10.0.0.1:31000'],
  ['an IPv6 address', 'fd00::1', {}, 'http://[fd00::1]:8080'],
  ['an IPv6 address and a port', '[fd00::1]:31000', {}, 'http://[fd00::1]:31000'],
  ['a URL as it is', 'https://proxy.example/service/shop/', {}, 'https://proxy.example/service/shop'],
  ['what is advertised, not LIBPROCESS_IP', '10.0.0.1', { LIBPROCESS_IP: '10.0.0.2' }, 'http://10.0.0.1:8080'],
  ['else LIBPROCESS_IP', undefined, { LIBPROCESS_IP: '10.0.0.2' }, 'http://10.0.0.2:8080'],
])('agents fetch from %s', (_, advertise, env, url) => {
  expect(settingsOf(env, 8080, advertise).artifactsUrl).toBe(url);
});

test('agents fetch from an address of this machine when nobody says which', () => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []);
  const { hostname, port } = new URL(settingsOf({}, 31_000).artifactsUrl);
  expect([...own, '127.0.0.1']).toContain(hostname);
  expect(port).toBe('31000');
});

test('an address that is none is refused', () => {
  expect(() => settingsOf({}, 8080, 'not a host')).toThrow(BadSetting);
});

test.each<[string, Record<string, string>, object]>([
  ['nothing', {}, { taskTmpVolume: false, hasServiceAccount: false }],
  ['a /tmp for each task', { TASK_TMP_VOLUME: 'true' }, { taskTmpVolume: true }],
  ['no /tmp', { TASK_TMP_VOLUME: 'false' }, { taskTmpVolume: false }],
  ['a service account', { DCOS_SERVICE_ACCOUNT_CREDENTIAL: '{}' }, { hasServiceAccount: true }],
  ['an empty service account', { DCOS_SERVICE_ACCOUNT_CREDENTIAL: '' }, { hasServiceAccount: false }],
  ['an archive for paused tasks', { BOOTSTRAP_URI: 'https://a.zip' }, { bootstrapUri: 'https://a.zip' }],
])('the environment asks for %s', (_, env, settings) => {
  expect(settingsOf(env, 8080)).toMatchObject(settings);
});
