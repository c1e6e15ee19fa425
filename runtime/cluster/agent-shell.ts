/**
 * What gives an agent machine hands: checkpoints, sandboxes and process trees of one work directory. It promises to do what the
 * machine says, in its order, and to report what became of it; it never decides anything.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { assertNever } from '../kit/assert.ts';
import { systemClock } from '../kit/clock.ts';
import type { Resource } from '../kit/mesos.ts';
import { createAgent } from './agent.ts';
import type {
  AgentConfig,
  AgentInput,
  AgentOutput,
  AgentSaved,
  CheckResult,
  Execution,
  Probe,
} from './agent-contract.ts';
import { volumePath } from './agent-operations.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { drive } from './drive.ts';
import { fetchAll } from './fetcher.ts';
import { resized } from './machine-change.ts';
import type { AgentToMaster, MasterToAgent } from './message.ts';
import { askHttp, askTcp } from './probe.ts';
import { startTree, type Tree } from './process.ts';
import type { Reaper } from './reaper.ts';
import { createSandboxes } from './sandbox.ts';

export interface RunningAgent {
  deliver(message: MasterToAgent): void;
  /** A power cut for the machine; its processes get SIGTERM, and SIGKILL after their grace period, `graceMs` at most. */
  close(graceMs: number): Promise<void>;
}

type Act<Kind> = Extract<AgentOutput, { kind: Kind }>;

/** Starts the agent of a work directory as its checkpoint left it, and registers it. Rejects with `MachineTooSmall`. */
export async function startAgent(
  config: Omit<AgentConfig, 'saved'>,
  reaper: Reaper,
  send: (message: AgentToMaster) => void,
): Promise<RunningAgent> {
  const { workDir } = config;
  mkdirSync(workDir, { recursive: true });
  const checkpoint = `${workDir}/agent.json`;
  const former = await readCheckpoint<AgentSaved>(checkpoint);
  const saved = former && { ...former, resources: resized(former.resources, config.resources) };
  const sandboxes = createSandboxes(workDir, config.newId);
  if (saved) sandboxes.keepVolumes(volumesOf(saved.resources).map((volume) => volumePath(workDir, volume)));
  for (const disk of disksOf(config.resources)) sandboxes.makeVolume(resolve(workDir, disk));
  const closing = new AbortController();
  /** The task's tree by container, with the patience it asked for. */
  const trees = new Map<string, { tree: Tree; graceMs: number }>();
  const driver = drive<AgentInput, AgentOutput>(
    createAgent(saved ? { ...config, saved } : config),
    { save: (output) => writeCheckpoint(checkpoint, output.saved()), act },
    systemClock,
  );
  driver.put({ kind: 'start' });

  return {
    deliver: (message) => driver.put({ kind: 'master', message }),
    async close(limitMs) {
      await driver.stop();
      closing.abort(new Error('the agent ends'));
      await Promise.all([...trees.values()].map(({ tree, graceMs }) => endPolitely(tree, Math.min(graceMs, limitMs))));
    },
  };

  function act(output: Exclude<AgentOutput, { kind: 'save' }>): void {
    switch (output.kind) {
      case 'master':
        send(output.message);
        break;
      case 'run':
        void run(output);
        break;
      case 'signal':
        trees.get(output.container)?.tree.signal(output.signal);
        break;
      case 'check':
        void check(output);
        break;
      case 'make-volume':
        sandboxes.makeVolume(output.path);
        break;
      case 'remove-volume':
        sandboxes.remove(output.path);
        // A disk is emptied; its mount stays.
        if (isDisk(output.path)) sandboxes.makeVolume(output.path);
        break;
      case 'remove-sandbox':
        sandboxes.remove(output.path);
        break;
      default:
        assertNever(output);
    }
  }

  function isDisk(path: string): boolean {
    return disksOf(config.resources).some((disk) => resolve(workDir, disk) === path);
  }

  async function run({ container, execution, volumes, executor, graceMs }: Act<'run'>): Promise<void> {
    const { directory, command } = execution;
    try {
      sandboxes.prepare(executor.directory, executor.volumes);
      sandboxes.prepare(directory, volumes);
      await fetchAll(command.uris ?? [], directory, closing.signal);
      const output = { stdout: `${directory}/stdout`, stderr: `${directory}/stderr` };
      const tree = await startTree(reaper, execution, { output, mark: `MESOS_SANDBOX=${directory}` });
      trees.set(container, { tree, graceMs });
      driver.put({ kind: 'started', container, pid: tree.pid });
      const end = await tree.ended;
      trees.delete(container);
      driver.put({ kind: 'exited', container, end });
    } catch (error) {
      driver.put({ kind: 'failed', container, message: `Failed to launch container: ${(error as Error).message}` });
    }
  }

  /** A command lives in the task's directory and environment; its own end is told by its session alone. */
  async function check({ container, check, run, probe, timeoutMs }: Act<'check'>): Promise<void> {
    const result = await asked(probe, timeoutMs);
    driver.put({ kind: 'checked', container, check, run, ...result });
  }

  async function asked(probe: Probe, timeoutMs: number): Promise<CheckResult> {
    if (probe.kind === 'http') return askHttp(probe, timeoutMs);
    if (probe.kind === 'tcp') return askTcp(probe.port, timeoutMs);
    const exitCode = await exitCodeOf(probe.execution, timeoutMs).catch(() => undefined);
    return exitCode === undefined ? {} : { exitCode };
  }

  async function exitCodeOf(execution: Execution, timeoutMs: number): Promise<number | undefined> {
    const tree = await startTree(reaper, execution);
    let timedOut = false;
    const alarm =
      timeoutMs > 0 &&
      setTimeout(() => {
        timedOut = true;
        tree.signal('SIGKILL');
      }, timeoutMs);
    const end = await tree.ended;
    if (alarm) clearTimeout(alarm);
    return 'code' in end && !timedOut ? end.code : undefined;
  }
}

/** The roots of the MOUNT disks. */
function disksOf(resources: readonly Resource[]): string[] {
  return resources.flatMap((resource) => resource.disk?.source?.mount?.root ?? []);
}

function volumesOf(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => resource.disk?.persistence !== undefined);
}

async function endPolitely(tree: Tree, graceMs: number): Promise<void> {
  if (graceMs > 0) tree.signal('SIGTERM');
  const alarm = setTimeout(() => tree.signal('SIGKILL'), graceMs);
  await tree.ended;
  clearTimeout(alarm);
}
