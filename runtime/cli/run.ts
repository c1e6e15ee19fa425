/** `mainstay run`: the scheduler alone, as the Docker image starts it. Touches no task when it ends. */
import type { Command } from 'commander';
import { createLogger } from '../kit/log.ts';
import { Fatal, startService } from '../main.ts';
import { apiPortOf, settingsOf } from '../settings.ts';
import { type DefinitionOptions, definitionFrom, withDefinitionOptions } from './definition.ts';

interface RunOptions extends DefinitionOptions {
  master: string;
  store: string;
  port?: string;
}

export function runCommand(program: Command): void {
  const command = program
    .command('run')
    .summary('run the scheduler of a service')
    .description(
      'Runs the scheduler of one service against a Mesos master. It is configured by its environment: PORT_API is the port of ' +
        'its API (default 8080), and the template is rendered against all variables.',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option('--master <url>', 'a Mesos master', process.env['MESOS_MASTER'] ?? 'http://127.0.0.1:5050')
    .option('--store <url>', 'where the state is kept: file:DIR or memory:', 'file:.mainstay/store')
    .option('--port <port>', 'port of the API; wins over PORT_API');
  withDefinitionOptions(command)
    .addHelpText(
      'after',
      `
Example:
  mainstay cluster &
  mainstay run frameworks/data-store --master http://127.0.0.1:5050 --store file:/tmp/data-store

Exit codes:
  1 cannot start, or the store failed   6 Mesos refused the framework   8 another scheduler holds the store   9 the API cannot listen`,
    )
    .action(run);
}

async function run(path: string, options: RunOptions): Promise<void> {
  const logger = createLogger({ level: process.env['LOG_LEVEL'] ?? 'info' });
  const end = (fatal: Fatal) => {
    logger.error({ code: fatal.code }, fatal.message);
    process.exit(fatal.code);
  };
  try {
    const definition = definitionFrom(path, options);
    for (const warning of definition.warnings) logger.warn(warning);
    const env = { ...process.env, ...options.env, ...(options.port === undefined ? {} : { PORT_API: options.port }) };
    const port = apiPortOf(env);
    if (definition.ok) logger.info({ defaults: definition.defaultsTaken.join(' ') }, 'values taken from the package');
    const service = await startService({
      candidate: definition,
      settings: settingsOf(env, port),
      master: options.master,
      store: options.store,
      host: '0.0.0.0',
      port,
      note: ({ level, message, keys }) => logger[level](keys, message),
      exit: end,
    });
    logger.info({ service: service.name, api: `http://0.0.0.0:${service.api.port}`, master: options.master }, 'scheduler started');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  } catch (error) {
    end(error instanceof Fatal ? error : new Fatal(1, error instanceof Error ? error.message : String(error)));
  }
}
