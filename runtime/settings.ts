/** The scheduler's own settings out of its environment (svc-yml 7.2). Promises a default for each, and an error that names the variable. */
import { defaultSettings, type Settings } from './core/state.ts';
import { thousandths } from './kit/resources.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable holds something that it must not; the message says which, what and what is expected. */
export class BadSetting extends Error {
  override name = 'BadSetting';
}

export function settingsOf(env: Environment, apiPort: number): Settings {
  const { executor, marathonName, serviceTld, vipTld } = defaultSettings;
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
  };
}

/** `PORT_API`, default 8080. */
export function apiPortOf(env: Environment): number {
  const port = positive(env, 'PORT_API', 8080);
  if (!Number.isInteger(port) || port > 65_535)
    throw new BadSetting(`PORT_API is ${port}; expected a port number up to 65535`);
  return port;
}

function positive(env: Environment, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new BadSetting(`${name} is "${text}"; expected a number above 0`);
  return value;
}
