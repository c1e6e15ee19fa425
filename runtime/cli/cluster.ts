/**
 * `mainstay cluster`: the embedded cluster alone, as its own process. Promises that Ctrl-C ends its tasks within their grace
 * periods, and that reservations and volumes are there again at the next start.
 */
import type { Command } from 'commander';
import type { Cluster } from '../cluster/cluster.ts';
import { Failure } from './failure.ts';
import { interruption } from './interruption.ts';
import { machinesOf } from './machines.ts';
import { port, wholeNumber } from './number.ts';

interface ClusterCommandOptions {
  readonly agents: number;
  readonly port: number;
  readonly workDir: string;
  readonly agentsFile?: string;
}

const HELP = `
Examples:
  $ mainstay cluster
  $ mainstay run frameworks/data-store --master http://127.0.0.1:5050
  $ mainstay cluster --agents-file machines.yml

A file of machines (docs/cluster.md says all that can be there):
  agents:
    - { count: 2, cpus: 4, mem: 8192, disk: 20000, attributes: { rack: r1 } }
    - { cpus: 8, mounts: [{ size: 2000 }, { size: 4000, profile: fast }], reserved: { dse: { cpus: 2 } } }

Any Mesos framework that speaks the v1 scheduler API may use it.`;

export function clusterCommand(program: Command): void {
  program
    .command('cluster')
    .summary('run a small Mesos on this machine')
    .description(
      'Runs a Mesos-compatible master and agents in one process, for laptops, tests and CI. Tasks are real processes of the ' +
        'current user, and end with the cluster; reservations and volumes stay in the work directory.',
    )
    .option('--agents <n>', 'how many agents, each with 4 cpus, 8 GB of memory, 20 GB of disk', wholeNumber(1, 50), 3)
    .option('--agents-file <file>', 'what machines the agents are: disks, GPUs, attributes, roles, regions (YAML)')
    .option('--port <port>', 'port of the master on 127.0.0.1; 0 takes a free one', port, 5050)
    .option('--work-dir <dir>', 'where the agents keep reservations, volumes and sandboxes', '.mainstay/cluster')
    .addHelpText('after', HELP)
    .action(runCluster);
}

async function runCluster(options: ClusterCommandOptions): Promise<void> {
  const ended = interruption();
  const cluster = await open(options);
  console.log(`master    ${cluster.url}`);
  console.log(`agents    ${cluster.agents.join(', ')}`);
  console.log(`work dir  ${options.workDir}`);
  await ended;
  await cluster.close();
}

async function open(options: ClusterCommandOptions): Promise<Cluster> {
  const { MachineTooSmall, startCluster, WorkDirHeld } = await import('../cluster/cluster.ts');
  const machines = await machinesOf(options);
  try {
    return await startCluster({ ...options, ...machines });
  } catch (error) {
    if (error instanceof WorkDirHeld) throw new Failure(`${error.message}: end it, or name another with --work-dir`);
    if (error instanceof MachineTooSmall) {
      throw new Failure(`an agent cannot start: ${error.message}: describe it as before, or name another --work-dir`);
    }
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Failure(`port ${options.port} is in use: name another with --port, or 0 for a free one`);
    }
    throw new Failure(`the cluster cannot start: ${message}: name another directory with --work-dir`);
  }
}
