/** `mainstay cluster`: the embedded cluster alone, as its own process. Its end is a power cut for the tasks it runs. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Cluster, startCluster, WorkDirHeld } from '../cluster/cluster.ts';

interface Options {
  agents: number;
  port: number;
  workDir: string;
}

export function clusterCommand(program: Command): void {
  program
    .command('cluster')
    .summary('run a small Mesos on this machine')
    .description(
      'Runs a Mesos-compatible master and agents in one process, for laptops, tests and CI. Tasks are real processes of the ' +
        'current user. All of them end with the cluster; reservations and volumes stay in the work directory.',
    )
    .option('--agents <count>', 'how many agents, each with 4 cpus, 8 GB of memory and 20 GB of disk', whole(1, 50), 3)
    .option('--port <port>', 'port of the master on 127.0.0.1; 0 takes a free one', whole(0, 65_535), 5050)
    .option('--work-dir <dir>', 'where agents keep reservations, volumes and sandboxes', '.mainstay/cluster')
    .addHelpText(
      'after',
      `
Example:
  mainstay cluster &
  mainstay run frameworks/data-store --master http://127.0.0.1:5050

Exit codes:
  1 the port or the work directory is taken`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const cluster = await start(options);
  if (!cluster) return;
  console.log(`master   ${cluster.url}`);
  console.log(`agents   ${cluster.agents.join(' ')}`);
  console.log(`work dir ${options.workDir}`);
  let closing = false;
  const end = () => {
    // Asked twice: without patience.
    if (closing) process.exit(130);
    closing = true;
    void cluster.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}

async function start(options: Options): Promise<Cluster | undefined> {
  try {
    return await startCluster(options);
  } catch (error) {
    const reason = reasonOf(error, options);
    if (reason === undefined) throw error;
    console.error(`mainstay cluster: ${reason}`);
    process.exitCode = 1;
    return undefined;
  }
}

/** What to do about an error that the person who started us can mend. */
function reasonOf(error: unknown, { port }: Options): string | undefined {
  if (error instanceof WorkDirHeld) return `${error.message}; end it, or choose another directory with --work-dir`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `port ${port} is in use; choose another with --port, or 0 for a free one`;
    case 'EACCES':
      return `port ${port} or the work directory is not ours to use; see --port and --work-dir`;
    default:
      return undefined;
  }
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
