/** What there is to see of the scene: processes, volumes, Mesos, ZooKeeper. Promises to look only; what it means is for `judge`. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mesosTasks, unusedReservations, volumes } from '../support/cluster.ts';
import { residentMb, taskProcesses } from '../support/processes.ts';
import { plan } from '../support/service.ts';
import { withZooKeeper, type Zk } from '../support/zookeeper-client.ts';
import { NODE, type Scene } from './scene.ts';

/** What must never be otherwise, not even for a moment. */
export interface Glance {
  /** The task of each process tree, by name; one with two trees is there twice. */
  readonly trees: readonly string[];
}

export interface Sight extends Glance {
  /** The status of each plan. */
  readonly plans: Readonly<Record<string, string>>;
  /** The name of each task that Mesos takes for alive. */
  readonly tasks: readonly string[];
  /** Processes of tasks that no tree has any more. */
  readonly strays: number;
  readonly volumes: Readonly<Record<string, Volume>>;
  /** Reserved, and used by nobody. */
  readonly unused: readonly string[];
  /** All nodes of the service but the lock's. */
  readonly nodes: readonly string[];
  /** Who has the lock. */
  readonly leases: number;
  readonly schedulerMb: number;
  readonly clusterMb: number;
}

export interface Volume {
  /** The first line that was ever written to it: whose it is. */
  readonly first: string;
  readonly lines: number;
}

export function glance({ cluster }: Scene): Glance {
  return { trees: trees(cluster.workDir).map(({ env }) => env['TASK_NAME'] ?? '') };
}

/** Rejects while the scheduler, the master or ZooKeeper does not answer. */
export async function look(scene: Scene): Promise<Sight> {
  const { cluster, port, zookeeper } = scene;
  const [deploy, recovery] = await Promise.all([plan(port, 'deploy'), plan(port, 'recovery')]);
  const { tasks } = await mesosTasks(cluster.url);
  const sessions = new Set(trees(cluster.workDir).map(({ pid }) => pid));
  const { nodes, leases } = await withZooKeeper(zookeeper, async (zk) => ({
    nodes: (await below(zk, NODE)).filter((path) => !path.startsWith(`${NODE}/lock/`)).sort(),
    leases: (await zk.children(`${NODE}/lock/leases`)).length,
  }));
  return {
    ...glance(scene),
    plans: { deploy: deploy.status, recovery: recovery.status },
    tasks: tasks.map(({ name }) => name),
    strays: taskProcesses(cluster.workDir).filter(({ session }) => !sessions.has(session)).length,
    volumes: Object.fromEntries(volumes(cluster.workDir).map((path) => [basename(path), volumeAt(path)])),
    unused: await unusedReservations(cluster.url),
    nodes,
    leases,
    schedulerMb: residentMb(scene.scheduler().pid),
    clusterMb: residentMb(cluster.program.pid),
  };
}

function trees(workDir: string) {
  return taskProcesses(workDir).filter(({ pid, session }) => pid === session);
}

async function below(zk: Zk, path: string): Promise<string[]> {
  const children = await zk.children(path);
  const deeper = await Promise.all(children.map((name) => below(zk, `${path}/${name}`)));
  return [path, ...deeper.flat()];
}

function volumeAt(path: string): Volume {
  const lines = readFileSync(join(path, 'log'), 'utf8').split('\n').slice(0, -1);
  return { first: lines[0] ?? '', lines: lines.length };
}
