/** `mainstay run`: the scheduler alone, as the Docker image starts it. Touches no task when it ends. */
import type { Command } from 'commander';
import { systemClock } from '../kit/clock.ts';
import { shownText } from '../kit/mask.ts';
import type { Fatal, RunningService } from '../main.ts';
import { type Problem, printProblem } from '../spec/problem.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';

interface RunOptions extends DefinitionOptions {
  readonly master?: string;
  readonly mesosCa?: string;
  readonly mesosSecretFile?: string;
  readonly mesosJson?: true;
  readonly store?: string;
  readonly port?: string;
  readonly host?: string;
  readonly advertise?: string;
  readonly uninstall?: true;
}

/** How long SIGTERM may take. */
const GOODBYE_MS = 2_000;

const HELP = `
Example:
  $ mainstay cluster &
  $ mainstay run frameworks/data-store --master http://127.0.0.1:5050 --store file:/tmp/data-store

Take the service down for good, with its data; stays up and answers COMPLETE until it is ended:
  $ mainstay run frameworks/data-store --master http://127.0.0.1:5050 --store file:/tmp/data-store --uninstall

Exit codes: 1 cannot start, or the store failed; 6 Mesos refused the framework; 8 another scheduler has the store;
9 the API cannot listen; 11 an uninstall has begun and must be finished with --uninstall.`;

export function runCommand(program: Command): void {
  const command = program
    .command('run')
    .summary('run the scheduler of a service against a Mesos master')
    .description(
      'Runs the scheduler of one service. It is configured by its environment: PORT_API is the port of its API (default ' +
        '8080), and the template is rendered against all variables.',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option(
      '--master <address>',
      'the Mesos masters: http://host:port, several with commas, or zk://host:port,host:port/mesos; as MESOS_MASTER ' +
        '(default: /mesos in the ZooKeeper of the store; with another store http://127.0.0.1:5050)',
    )
    .option('--mesos-ca <file>', 'PEM of who signs the certificates of masters that speak TLS; as MESOS_CA_FILE')
    .option('--mesos-secret-file <file>', "the secret of the service's principal; as MESOS_SECRET_FILE or MESOS_SECRET")
    .option('--mesos-json', 'talk to the masters in JSON instead of protobuf; as MESOS_JSON=true')
    .option(
      '--store <url>',
      'where the state is kept: zk://host:port,host:port, file:DIR or memory:; as MAINSTAY_STORE (default: ZooKeeper ' +
        'where scheduler.zookeeper of the definition says). MAINSTAY_STORE_AUTH is user:password for ZooKeeper',
    )
    .option('--port <port>', 'port of the API; wins over PORT_API')
    .option('--host <address>', 'address of this machine that the API listens at; as API_HOST (default: 0.0.0.0, all)')
    .option(
      '--advertise <address>',
      'host, host:port or URL under which agents reach the API (default: LIBPROCESS_IP, else an address of this machine)',
    )
    .option('--uninstall', 'end all tasks, DESTROY ALL VOLUMES, leave Mesos; as SDK_UNINSTALL=true. Cannot be undone');
  withDefinitionOptions(command).addHelpText('after', HELP).action(run);
}

async function run(path: string, options: RunOptions): Promise<void> {
  let service: RunningService | undefined;
  // First of all: what has no handler yet is not told at all to the first process of a container.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leave(service));
  // Loaded when needed: a command that only asks the API should not wait for all this.
  const { createLogger } = await import('../kit/log.ts');
  const { EXIT, Fatal, startService } = await import('../main.ts');
  const { accessOf } = await import('../mesos/access.ts');
  const { printMasters } = await import('../mesos/address.ts');
  const { accessOptions, apiPortOf, guardOptions, isUninstall, logLevelOf, settingsOf, statsdOf, storeOf } =
    await import('../settings.ts');
  const { withoutPassword } = await import('../store/zookeeper/address.ts');
  const logger = await createLogger();
  const exit = (fatal: Fatal) => {
    logger.error({ code: fatal.code }, fatal.message);
    process.exit(fatal.code);
  };
  try {
    const env = { ...process.env, ...options.env, ...flagsOf(options) };
    logger.level = logLevelOf(env);
    const port = apiPortOf(env);
    const definition = await definitionAt(path, options, port);
    const settings = settingsOf(env, port, options.advertise, definition.ok ? definition.spec.maskedEnv : []);
    // A mistake may repeat what a variable has put in its place.
    const told = (problem: Problem) => shownText(printProblem(problem), { texts: settings.secretTexts });
    for (const warning of definition.warnings) logger.warn(told(warning));
    const uninstall = options.uninstall === true || isUninstall(env);
    // An uninstall goes by the store: a definition that cannot be read must not hold it up, but its mistakes are told.
    if (uninstall && !definition.ok) for (const problem of definition.problems) logger.warn(told(problem));
    if (definition.ok) logger.info({ variables: definition.defaultsTaken.join(' ') }, 'taken from the package');
    const store = storeOf(env, definition.ok ? definition.spec.zookeeper : undefined);
    const access = await accessOf(accessOptions(env, store), systemClock);
    const { MAINSTAY_STORE_AUTH: storeAuth, FRAMEWORK_NAME: fallbackName } = env;
    service = await startService({
      candidate: definition.ok ? definition : { ok: false, errors: definition.problems.map(told) },
      uninstall,
      settings,
      access,
      store,
      ...(storeAuth ? { storeAuth } : {}),
      ...(fallbackName ? { fallbackName } : {}),
      host: env.API_HOST || '0.0.0.0',
      port,
      guard: guardOptions(env),
      ...statsdOf(env),
      note: ({ level, message, keys }) => logger[level](keys, message),
      exit,
    });
    const keys = {
      service: service.name,
      port: service.port,
      master: printMasters(access.masters),
      store: withoutPassword(store),
    };
    logger.info(keys, 'scheduler started');
  } catch (error) {
    exit(error instanceof Fatal ? error : new Fatal(EXIT.initialization, String((error as Error).message ?? error)));
  }
}

/** Gives the lock back, so that the next scheduler need not wait for our session to end; but no store may hold us up. */
function leave(service: RunningService | undefined): void {
  const exit = () => process.exit(0);
  setTimeout(exit, GOODBYE_MS);
  Promise.resolve(service?.close()).then(exit, exit);
}

/** What was said with a flag, as the variable that it wins over. */
function flagsOf(options: RunOptions): Record<string, string> {
  const flags = {
    PORT_API: options.port,
    API_HOST: options.host,
    MESOS_MASTER: options.master,
    MESOS_CA_FILE: options.mesosCa,
    MESOS_SECRET_FILE: options.mesosSecretFile,
    MESOS_JSON: options.mesosJson && 'true',
    MAINSTAY_STORE: options.store,
  };
  return Object.fromEntries(Object.entries(flags).filter((flag): flag is [string, string] => flag[1] !== undefined));
}
