/** What the scheduler reads out of its environment about the world around it. */
import { describe, expect, test } from 'vitest';
import { accessOptions, apiPortOf, logLevelOf, settingsOf, statsdOf, storeOf } from '../../runtime/settings.ts';

describe('the masters', () => {
  test.each([
    ['what is said', { MESOS_MASTER: 'm1:5050' }, 'zk://zk1:2181', 'm1:5050'],
    [
      'else /mesos in the ZooKeeper of the store',
      {},
      'zk://me:secret@zk1:2181,zk2:2181/shop',
      'zk://zk1:2181,zk2:2181/mesos',
    ],
    [
      'else, with a store on this machine, the master on this machine',
      { MESOS_MASTER: '' },
      'file:/tmp/x',
      'http://127.0.0.1:5050',
    ],
  ])('%s', (_, env, store, master) => {
    expect(accessOptions(env, store).master).toBe(master);
  });

  test('everything that can be said about the way to them', () => {
    const env = {
      MESOS_MASTER: 'm1:5050',
      MESOS_JSON: 'true',
      MESOS_CA_FILE: 'ca.pem',
      MESOS_SECRET: 'a',
      MESOS_SECRET_FILE: 'b',
      DCOS_SERVICE_ACCOUNT_CREDENTIAL: '{}',
      AUTH_TOKEN_REFRESH_THRESHOLD_S: '60',
    };
    expect(accessOptions(env, 'memory:')).toEqual({
      master: 'm1:5050',
      json: true,
      caFile: 'ca.pem',
      secret: 'a',
      secretFile: 'b',
      serviceAccount: '{}',
      tokenMarginSeconds: 60,
    });
  });

  test.each([
    ['MESOS_JSON', 'perhaps', 'MESOS_JSON is "perhaps"; expected true or false'],
    ['AUTH_TOKEN_REFRESH_THRESHOLD_S', 'soon', 'AUTH_TOKEN_REFRESH_THRESHOLD_S is "soon"; expected a number above 0'],
  ])('%s=%s is refused', (name, value, message) => {
    expect(() => accessOptions({ [name]: value }, 'memory:')).toThrow(message);
  });
});

test.each([
  ['what is said', { MAINSTAY_STORE: 'file:/tmp/x', FRAMEWORK_ZOOKEEPER: 'zk2' }, 'zk1:2181', 'file:/tmp/x'],
  ['else the ZooKeeper of the definition', { FRAMEWORK_ZOOKEEPER: 'zk2' }, 'zk1:2181,zk3', 'zk://zk1:2181,zk3'],
  [
    'else, without a definition, the one of the package',
    { FRAMEWORK_ZOOKEEPER: 'zk2:2181' },
    undefined,
    'zk://zk2:2181',
  ],
  ['else the one that clusters of the field have', { MAINSTAY_STORE: '' }, undefined, 'zk://master.mesos:2181'],
])('the store is %s', (_, env, zookeeper, store) => {
  expect(storeOf(env, zookeeper)).toBe(store);
});

test.each([
  ['', 8080],
  ['1', 1],
  ['65535', 65_535],
])('PORT_API=%s', (text, port) => {
  expect(apiPortOf({ PORT_API: text })).toBe(port);
});

test.each(['0', '-1', '65536', '8080.5', 'http', ' '])('PORT_API=%s is refused', (text) => {
  expect(() => apiPortOf({ PORT_API: text })).toThrow(`PORT_API is "${text}"; expected a port number from 1 to 65535`);
});

test.each([
  [undefined, true],
  ['true', true],
  ['', false],
  ['false', false],
])('agents of other regions with ALLOW_REGION_AWARENESS=%s: %s', (text, aware) => {
  expect(settingsOf({ ALLOW_REGION_AWARENESS: text }, 8080).regionAware).toBe(aware);
});

describe('how much is logged', () => {
  test.each([
    [{}, 'info'],
    [{ FRAMEWORK_LOG_LEVEL: 'DEBUG' }, 'debug'],
    [{ FRAMEWORK_LOG_LEVEL: 'ALL' }, 'trace'],
    [{ FRAMEWORK_LOG_LEVEL: 'OFF' }, 'silent'],
    [{ FRAMEWORK_LOG_LEVEL: 'DEBUG', LOG_LEVEL: 'warn' }, 'warn'],
    [{ FRAMEWORK_LOG_LEVEL: '', LOG_LEVEL: '' }, 'info'],
  ])('%j: %s', (env, level) => {
    expect(logLevelOf(env)).toBe(level);
  });

  test('another word is refused', () => {
    expect(() => logLevelOf({ FRAMEWORK_LOG_LEVEL: 'LOUD' })).toThrow('FRAMEWORK_LOG_LEVEL is "LOUD"; expected off, ');
  });
});

describe('where the numbers are sent', () => {
  test.each([
    ['nowhere, unless a host is named', { STATSD_UDP_PORT: '8125' }, {}],
    [
      'where DC/OS says, every ten seconds',
      { STATSD_UDP_HOST: '198.51.100.1', STATSD_UDP_PORT: '61825' },
      { statsd: { host: '198.51.100.1', port: 61_825, everyMs: 10_000 } },
    ],
    [
      'as often as wanted, to the usual port',
      { STATSD_UDP_HOST: 'statsd', STATSD_POLL_INTERVAL_S: '60' },
      { statsd: { host: 'statsd', port: 8125, everyMs: 60_000 } },
    ],
  ])('%s', (_, env, target) => {
    expect(statsdOf(env)).toEqual(target);
  });

  test.each([
    [{ STATSD_UDP_PORT: 'udp' }, 'STATSD_UDP_PORT is "udp"; expected a port number from 1 to 65535'],
    [{ STATSD_POLL_INTERVAL_S: '0' }, 'STATSD_POLL_INTERVAL_S is "0"; expected a number above 0'],
  ])('%j is refused', (env, message) => {
    expect(() => statsdOf({ STATSD_UDP_HOST: 'statsd', ...env })).toThrow(message);
  });
});
