/**
 * `mainstay dev`: cluster, store, scheduler and API of one service in one process, talking over loopback HTTP. Promises that Ctrl-C
 * ends the service's processes within their grace periods and leaves the data; the next start finds the volumes again.
 */
import { basename, relative } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Cluster } from '../cluster/cluster.ts';
import { systemClock } from '../kit/clock.ts';
import type { RunningService, ServiceOptions } from '../main.ts';
import type { LoadResult } from '../packaging/load.ts';
import { printProblem } from '../spec/problem.ts';
import { type DataDir, dataDir } from './data-dir.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';
import { deployment } from './deployed.ts';
import { Failure } from './failure.ts';
import { interruption } from './interruption.ts';
import { lookAt } from './live/look.ts';
import { createLiveView, type LiveView } from './live.ts';
import { machinesOf } from './machines.ts';
import { port, wholeNumber } from './number.ts';
import { openSandboxes, type Sandboxes } from './sandboxes.ts';

/** A definition without mistakes. */
type Definition = Extract<LoadResult, { ok: true }>;

interface DevOptions extends DefinitionOptions {
  readonly dataDir?: string;
  readonly agents: number;
  readonly agentsFile?: string;
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
    .option(
      '--agents-file <file>',
      'what machines the agents are, instead of ordinary ones (see: mainstay cluster --help)',
    )
    .option('--port <port>', 'port of the API on 127.0.0.1; 0 takes a free one', port, 8080)
    .option('--exit-when-deployed', 'end with exit code 0 once the deploy plan is COMPLETE, else 1 with the reason')
    .option('--timeout <seconds>', 'how long --exit-when-deployed waits', wholeNumber(1, 86_400), 300);
  withDefinitionOptions(command).addHelpText('after', HELP).action(dev);
}

async function dev(path: string, options: DevOptions): Promise<void> {
  const interrupted = interruption();
  const definition = await definitionOf(path, options);
  const { spec } = definition;
  const dir = dataDir(spec.name, options.dataDir);
  const cluster = await openCluster(dir, options);
  const colors = process.stdout.isTTY === true && pc.isColorSupported;
  const view = createLiveView(process.stdout, { clock: systemClock, colors });
  let service: RunningService | undefined;
  try {
    let broke: (why: Failure) => void = () => {};
    const broken = new Promise<never>((_, reject) => {
      broke = reject;
    });
    service = await openService(definition, dir, cluster, options, {
      // The tree, the lines of its changes and the ends of tasks tell the rest.
      note: (note) => note.level !== 'info' && !SHOWN_OTHERWISE.has(note.message) && view.note(note),
      exit: (fatal) => broke(new Failure(fatal.message)),
    });
    const { length } = cluster.agents;
    view.say(
      `${spec.name} on ${length} agent${length === 1 ? '' : 's'}; the API is at http://127.0.0.1:${service.port}`,
    );
    const sandboxes = openSandboxes(dir.cluster, dir.sandboxes);
    follow(service, view, dir, sandboxes, options.exitWhenDeployed === true);
    const goal = options.exitWhenDeployed ? [deployed(service, sandboxes, options.timeout)] : [];
    const ends = [interrupted, broken, ...goal];
    const ending = await Promise.race(ends);
    if (ending === 'interrupted') view.say('ending the tasks; Ctrl-C again does not wait for them');
  } finally {
    view.finish();
    await service?.close();
    await cluster.close();
  }
}

/** Notes of the scheduler that the view shows in its own way. */
const SHOWN_OTHERWISE = new Set(['task status', 'configuration refused']);

/** Shows every change, and once the service is deployed, what to try next. One that is `leaving` says at its end what is wrong. */
function follow(service: RunningService, view: LiveView, dir: DataDir, sandboxes: Sandboxes, leaving: boolean): void {
  let told = false;
  const look = async () => {
    const { plans, ends } = await service.scheduler.read((state, now) => ({
      plans: lookAt(state, now, service.name),
      ends: sandboxes.look(state, service.name),
    }));
    for (const text of ends) view.say(text);
    view.update(leaving ? plans.map((plan) => ({ ...plan, errors: [] })) : plans);
    if (told || plans.find((plan) => plan.name === 'deploy')?.status !== 'COMPLETE') return;
    told = true;
    if (!leaving) view.say(whatNext(service, dir));
  };
  service.scheduler.watch(() => void look());
  void look();
}

function whatNext(service: RunningService, dir: DataDir): string {
  const url = service.port === 8080 ? '' : ` --url http://127.0.0.1:${service.port}`;
  const script = process.argv[1] ?? '';
  const mainstay = basename(script) === 'mainstay' ? 'mainstay' : `node ${relative('.', script)}`;
  return `
${service.name} is deployed. Try next, in another terminal:
  ${mainstay} pod status${url}          what runs
  ${mainstay} pod restart <pod>${url}   end a pod's tasks and see them come back on their volumes
  ${mainstay} pod replace <pod>${url}   move a pod to a new, empty volume
  ${mainstay} endpoints${url}           where to connect
What a task prints is in ${dir.sandboxes}/<task>: stdout and stderr.
Volumes and state are in ${dir.path}; Ctrl-C ends the tasks and leaves them there.
`;
}

/** The checked definition, with its warnings on stderr. A wrong one ends the command with every mistake. */
async function definitionOf(path: string, options: DevOptions): Promise<Definition> {
  const definition = await definitionAt(path, options, options.port);
  for (const warning of definition.warnings) process.stderr.write(`${printProblem(warning)}\n\n`);
  if (definition.ok) return definition;
  throw new Failure(`${path} cannot be run\n\n${definition.problems.map(printProblem).join('\n\n')}`);
}

async function openCluster(dir: DataDir, options: DevOptions): Promise<Cluster> {
  const { MachineTooSmall, startCluster, WorkDirHeld } = await import('../cluster/cluster.ts');
  const machines = await machinesOf(options);
  try {
    return await startCluster({ ...machines, port: 0, workDir: dir.cluster });
  } catch (error) {
    if (error instanceof MachineTooSmall) {
      throw new Failure(`an agent cannot start: ${error.message}: describe it as before, or name another --data-dir`);
    }
    if (!(error instanceof WorkDirHeld)) throw error;
    throw new Failure(`${error.message}: end it, or name another directory with --data-dir`);
  }
}

async function openService(
  definition: Definition,
  dir: DataDir,
  cluster: Cluster,
  options: DevOptions,
  on: Pick<ServiceOptions, 'note' | 'exit'>,
): Promise<RunningService> {
  const { Fatal, startService } = await import('../main.ts');
  const { guardOptions, settingsOf, statsdOf } = await import('../settings.ts');
  const { freePort } = await import('../api/listen.ts');
  const { accessOf } = await import('../mesos/access.ts');
  // The embedded agents fetch from this machine, without TLS.
  const env = {
    ...process.env,
    ...options.env,
    API_TLS_CERT_FILE: '',
    API_TLS_KEY_FILE: '',
    API_TLS_CLIENT_CA_FILE: '',
  };
  // Tasks are told the port, so it must be known before the first launch.
  const apiPort = options.port || (await freePort('127.0.0.1'));
  try {
    return await startService({
      candidate: definition,
      uninstall: false,
      // The embedded cluster has no authority that could sign certificates.
      settings: { ...settingsOf(env, apiPort, '127.0.0.1', definition.spec.maskedEnv), hasServiceAccount: false },
      access: await accessOf({ master: cluster.url }, systemClock),
      store: `file:${dir.store}`,
      host: '127.0.0.1',
      port: apiPort,
      guard: guardOptions(env),
      ...statsdOf(env),
      ...on,
    });
  } catch (error) {
    throw error instanceof Fatal ? new Failure(error.message) : error;
  }
}

async function deployed(service: RunningService, { endOf }: Sandboxes, timeoutSeconds: number): Promise<void> {
  const verdict = await deployment(service.scheduler, service.name, timeoutSeconds * 1000, endOf);
  if (!verdict.ok) throw new Failure(verdict.reason);
}
