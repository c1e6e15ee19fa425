/** The scheduler's own settings out of its environment (svc-yml 7.2). Promises a default for each, and an error that names the variable. */
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { GuardOptions } from './api/guard/guard.ts';
import { type Backoff, defaultSettings, type Settings } from './core/state.ts';
import { secretTexts } from './kit/mask.ts';
import { thousandths } from './kit/resources.ts';
import type { AccessOptions } from './mesos/access.ts';
import type { StatsdServer } from './metrics/forward.ts';
import { parseZooKeeperUrl } from './store/zookeeper/address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable holds something that it must not; the message says which, what and what is expected. */
export class BadSetting extends Error {
  override name = 'BadSetting';
}

/** `advertise`: what `--advertise` gave, or where the API alone listens. `maskedEnv`: what the definition marks as secret. */
export function settingsOf(
  env: Environment,
  apiPort: number,
  advertise?: string,
  maskedEnv: readonly string[] = [],
): Settings {
  const { executor, marathonName, serviceTld, vipTld, pauseCommand, uninstallPatienceMs, transactionBytes } =
    defaultSettings;
  const backoff = backoffOf(env);
  return {
    executor: {
      cpus: thousandths(positive(env, 'EXECUTOR_CPUS', executor.cpus / 1000)),
      memoryMb: positive(env, 'EXECUTOR_MEM_MB', executor.memoryMb),
      diskMb: positive(env, 'EXECUTOR_DISK_MB', executor.diskMb),
    },
    apiPort,
    marathonName: env['MARATHON_NAME'] || marathonName,
    serviceTld: env['SERVICE_TLD'] || serviceTld,
    vipTld: env['VIP_TLD'] || vipTld,
    space: env['DCOS_SPACE'] || env['MARATHON_APP_ID'] || '/',
    artifactsUrl: artifactsUrlOf(advertise || env['LIBPROCESS_IP'] || ownAddress(), apiPort, schemeOf(env)),
    regionAware: truth(env, 'ALLOW_REGION_AWARENESS', 'true'),
    pauseCommand: env['PAUSE_OVERRIDE_CMD'] || pauseCommand,
    ...(env['BOOTSTRAP_URI'] ? { bootstrapUri: env['BOOTSTRAP_URI'] } : {}),
    taskTmpVolume: truth(env, 'TASK_TMP_VOLUME'),
    secretTexts: secretTexts(env, new Set(maskedEnv)),
    hasServiceAccount: Boolean(env['DCOS_SERVICE_ACCOUNT_CREDENTIAL']),
    uninstallPatienceMs: positive(env, 'UNINSTALL_TIMEOUT_S', uninstallPatienceMs / 1000) * 1000,
    // Upstream's, which any value sets.
    stateCache: env['DISABLE_STATE_CACHE'] === undefined,
    transactionBytes,
    ...(backoff ? { backoff } : {}),
  };
}

/** `MAINSTAY_STORE`, else ZooKeeper where the definition says that it is; without one, where upstream would look for it. */
export function storeOf(env: Environment, zookeeper = env['FRAMEWORK_ZOOKEEPER'] || 'master.mesos:2181'): string {
  return env['MAINSTAY_STORE'] || `zk://${zookeeper}`;
}

/** `SDK_UNINSTALL`: only what reads as true uninstalls; unset, empty, `false` and `0` never do. */
export function isUninstall(env: Environment): boolean {
  return truth(env, 'SDK_UNINSTALL');
}

/** A URL is taken as it is; a host gets the API's port, unless it comes with one. */
function artifactsUrlOf(advertised: string, apiPort: number, scheme: string): string {
  const host = isIPv6(advertised) ? `[${advertised}]` : advertised;
  const url = /^https?:/.test(host) ? host : `${scheme}://${/:\d+$/.test(host) ? host : `${host}:${apiPort}`}`;
  if (!URL.canParse(url))
    throw new BadSetting(`agents cannot fetch from "${advertised}"; expected a host, host:port or URL of the API`);
  return url.replace(/\/+$/, '');
}

function schemeOf(env: Environment): 'http' | 'https' {
  return env['API_TLS_CERT_FILE'] ? 'https' : 'http';
}

/** An address under which other machines find this one; without any, the one that only this machine knows. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}

function backoffOf(env: Environment): Backoff | undefined {
  // Unset, a mild one: a task that dies once is back at once, a crash loop slows down.
  if ((env['ENABLE_BACKOFF'] ?? '').trim() === '') return defaultSettings.backoff;
  if (!truth(env, 'ENABLE_BACKOFF')) return undefined;
  return {
    factor: positive(env, 'FRAMEWORK_BACKOFF_FACTOR', 1.15),
    initialMs: positive(env, 'FRAMEWORK_INITIAL_BACKOFF', 60) * 1000,
    maxMs: positive(env, 'FRAMEWORK_MAX_LAUNCH_DELAY', 300) * 1000,
  };
}

/** By the first letter, as upstream: t, y and 1 are true; f, n, 0 and blank are false. */
function truth(env: Environment, name: string, unset = ''): boolean {
  const text = (env[name] ?? unset).trim();
  if (/^[ty1]/i.test(text)) return true;
  if (text === '' || /^[fn0]/i.test(text)) return false;
  throw new BadSetting(`${name} is "${text}"; expected true or false`);
}

/**
 * How to reach the Mesos masters (docs/production.md). Unless told otherwise they elect their leader in the ZooKeeper that holds the
 * store, as upstream has it; with a store on this machine there is one master, on this machine.
 */
export function accessOptions(env: Environment, store: string): AccessOptions {
  const here = 'http://127.0.0.1:5050';
  return {
    master: env['MESOS_MASTER'] || (store.startsWith('zk:') ? `zk://${parseZooKeeperUrl(store).servers}/mesos` : here),
    json: truth(env, 'MESOS_JSON'),
    caFile: env['MESOS_CA_FILE'],
    secret: env['MESOS_SECRET'],
    secretFile: env['MESOS_SECRET_FILE'],
    serviceAccount: env['DCOS_SERVICE_ACCOUNT_CREDENTIAL'],
    tokenMarginSeconds: positive(env, 'AUTH_TOKEN_REFRESH_THRESHOLD_S', 30),
  };
}

/** Who may use the API, and how it is spoken to (docs/security.md). */
export function guardOptions(env: Environment): GuardOptions {
  const [cert, key, clientCa] = ['API_TLS_CERT_FILE', 'API_TLS_KEY_FILE', 'API_TLS_CLIENT_CA_FILE'].map(
    (name) => env[name],
  );
  if (Boolean(cert) !== Boolean(key))
    throw new BadSetting(
      `${cert ? 'API_TLS_KEY_FILE' : 'API_TLS_CERT_FILE'} is missing: TLS needs a certificate and its key`,
    );
  if (clientCa && !cert) throw new BadSetting('API_TLS_CLIENT_CA_FILE needs API_TLS_CERT_FILE and API_TLS_KEY_FILE');
  const tokensFile = env['API_TOKENS_FILE'];
  return {
    ...(tokensFile ? { tokensFile } : {}),
    ...(cert && key ? { tls: { cert, key, ...(clientCa ? { clientCa } : {}) } } : {}),
    hosts: (env['API_HOSTS'] ?? '')
      .split(',')
      .map(hostOf)
      .filter((host) => host !== ''),
  };
}

/** As a browser writes it in an origin. */
function hostOf(written: string): string {
  const host = written.trim().toLowerCase();
  if (host === '' || (/^[^/@?#\s]+$/.test(host) && URL.canParse(`http://${host}`))) return host;
  throw new BadSetting(`API_HOSTS has "${host}"; expected names as host or host:port, with commas between them`);
}

/** Where DC/OS, or whoever starts the scheduler, wants its numbers; without `STATSD_UDP_HOST` nowhere. */
export function statsdOf(env: Environment): { statsd?: StatsdServer } {
  const host = env['STATSD_UDP_HOST'];
  if (!host) return {};
  const everyMs = positive(env, 'STATSD_POLL_INTERVAL_S', 10) * 1000;
  return { statsd: { host, port: portOf(env, 'STATSD_UDP_PORT', 8125), everyMs } };
}

/** `LOG_LEVEL`, else `FRAMEWORK_LOG_LEVEL` as packages set it: names of log4j in any case. */
export function logLevelOf(env: Environment): string {
  const name = env['LOG_LEVEL'] ? 'LOG_LEVEL' : 'FRAMEWORK_LOG_LEVEL';
  const text = (env[name] || 'info').toLowerCase();
  const level = LOG_LEVELS.get(text);
  if (level !== undefined) return level;
  throw new BadSetting(`${name} is "${env[name]}"; expected ${[...LOG_LEVELS.keys()].join(', ')}`);
}

/** Our names of log4j's levels. */
const LOG_LEVELS = new Map([
  ['off', 'silent'],
  ['all', 'trace'],
  ...['fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, level] as const),
]);

/** `PORT_API`, default 8080. Tasks are told the number, so it cannot be left to chance. */
export function apiPortOf(env: Environment): number {
  return portOf(env, 'PORT_API', 8080);
}

function portOf(env: Environment, name: string, otherwise: number): number {
  const text = env[name] || String(otherwise);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new BadSetting(`${name} is "${text}"; expected a port number from 1 to 65535`);
  return port;
}

function positive(env: Environment, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new BadSetting(`${name} is "${text}"; expected a number above 0`);
  return value;
}
