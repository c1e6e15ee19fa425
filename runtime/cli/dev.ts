/**
 * `mainstay dev`: cluster, store, scheduler and API of one service in one process, talking over loopback HTTP. Promises that Ctrl-C
 * ends the service's processes within their grace periods and leaves the data; the next start finds the volumes again.
 */
import type { Command } from 'commander';
import type { Cluster } from '../cluster/cluster.ts';
import type { Note } from '../core/effect.ts';
import type { RunningService, ServiceOptions } from '../main.ts';
import { printProblem } from '../spec/problem.ts';
import type { ServiceSpec } from '../spec/service.ts';
import { type DataDir, dataDir } from './data-dir.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';
import { deployment } from './deployed.ts';
import { Failure } from './failure.ts';
import { createLiveView, type LiveView } from './live/view.ts';
import { port, wholeNumber } from './number.ts';

interface DevOptions extends DefinitionOptions {
  readonly dataDir?: string;
  readonly agents: number;
  readonly port: number;
  readonly exitWhenDeployed?: boolean;
  readonly timeout: number;
}

const HELP = `
Examples:
  $ mainstay dev frameworks/data-store
  $ mainstay dev frameworks/data-store -e DATA_COUNT=5 --agents 5
  $ mainstay dev frameworks/hello-world --exit-when-deployed --timeout 60

The data directory keeps volumes and state; remove it to begin anew.`;

export function devCommand(program: Command): void {
  const command = program
    .command('dev')
    .summary('run a service on an embedded cluster, on this machine alone')
    .description(
      'Runs a service on this machine: an embedded Mesos-compatible cluster, a store, the scheduler and its API. ' +
        'Tasks are real processes; Ctrl-C ends them and leaves the data directory.',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option('--data-dir <dir>', 'where volumes and state are kept (default: .mainstay/<service>)')
    .option('--agents <n>', 'how many agents, agent-1 and so on', wholeNumber(1, 100), 3)
    .option('--port <port>', 'port of the API on 127.0.0.1; 0 takes a free one', port, 8080)
    .option('--exit-when-deployed', 'end with exit code 0 once the deploy plan is COMPLETE, else 1 with the reason')
    .option('--timeout <seconds>', 'how long --exit-when-deployed waits', wholeNumber(1, 86_400), 300);
  withDefinitionOptions(command).addHelpText('after', HELP).action(dev);
}

async function dev(path: string, options: DevOptions): Promise<void> {
  const interrupted = interruption();
  const spec = serviceAt(path, options);
  const dir = dataDir(spec.name, options.dataDir);
  const cluster = await openCluster(dir, options.agents);
  let service: RunningService | undefined;
  let view: LiveView | undefined;
  try {
    let broke: (why: Failure) => void = () => {};
    const broken = new Promise<never>((_, reject) => {
      broke = reject;
    });
    const early: Note[] = [];
    service = await openService(spec, dir, cluster, options, {
      note: (note) => (view ? view.note(note) : early.push(note)),
      exit: (fatal) => broke(new Failure(fatal.message)),
    });
    view = createLiveView(service.scheduler, spec.name, {
      url: `http://127.0.0.1:${service.port}`,
      dataDir: dir.path,
      agents: cluster.agents,
    });
    for (const note of early) view.note(note);
    const ends = [interrupted, broken, ...(options.exitWhenDeployed ? [deployed(service, options.timeout)] : [])];
    await Promise.race(ends);
  } finally {
    view?.finish();
    await service?.close();
    await cluster.close();
  }
}

/** The checked definition, with its warnings on stderr. A wrong one ends the command with every mistake. */
function serviceAt(path: string, options: DevOptions): ServiceSpec {
  const definition = definitionAt(path, options, options.port);
  for (const warning of definition.warnings) process.stderr.write(`${printProblem(warning)}\n\n`);
  if (definition.ok) return definition.spec;
  throw new Failure(`${path} cannot be run\n\n${definition.problems.map(printProblem).join('\n\n')}`);
}

async function openCluster(dir: DataDir, agents: number): Promise<Cluster> {
  const { startCluster, WorkDirHeld } = await import('../cluster/cluster.ts');
  try {
    return await startCluster({ agents, port: 0, workDir: dir.cluster });
  } catch (error) {
    if (!(error instanceof WorkDirHeld)) throw error;
    throw new Failure(`${error.message}: end it, or name another directory with --data-dir`);
  }
}

async function openService(
  spec: ServiceSpec,
  dir: DataDir,
  cluster: Cluster,
  options: DevOptions,
  on: Pick<ServiceOptions, 'note' | 'exit'>,
): Promise<RunningService> {
  const { Fatal, startService } = await import('../main.ts');
  const { settingsOf } = await import('../settings.ts');
  try {
    return await startService({
      candidate: { ok: true, spec },
      settings: settingsOf({ ...process.env, ...options.env }, options.port),
      master: cluster.url,
      store: `file:${dir.store}`,
      host: '127.0.0.1',
      port: options.port,
      ...on,
    });
  } catch (error) {
    throw error instanceof Fatal ? new Failure(error.message) : error;
  }
}

async function deployed(service: RunningService, timeoutSeconds: number): Promise<void> {
  const verdict = await deployment(service.scheduler, service.name, timeoutSeconds * 1000);
  if (!verdict.ok) throw new Failure(verdict.reason);
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once (the reaper ends its tasks). */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}
