/** What is done to the scene. Promises that whatever was stopped or killed goes on again, or is started again, in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { taskLeaders } from '../support/processes.ts';
import type { Scene } from './scene.ts';

type Random = () => number;

export interface Disturbance {
  readonly name: string;
  /** Never two at a time are done to one of these. */
  readonly subject: 'task' | 'scheduler' | 'zookeeper';
  /** How often it is chosen, against the others. */
  readonly weight: number;
  act(scene: Scene, random: Random): void | Promise<void>;
}

/** Within the session of 4 s, and beyond it. */
const outageMs = (random: Random) => 200 + random() * 7_000;

export const disturbances: readonly Disturbance[] = [
  { name: 'task killed', subject: 'task', weight: 60, act: killTask },
  { name: 'scheduler killed', subject: 'scheduler', weight: 8, act: ({ scheduler }) => void scheduler().kill() },
  {
    name: 'scheduler ended with SIGTERM',
    subject: 'scheduler',
    weight: 3,
    act: ({ scheduler }) => scheduler().signal('SIGTERM'),
  },
  { name: 'scheduler stopped for a while', subject: 'scheduler', weight: 3, act: pauseScheduler },
  { name: 'ZooKeeper killed', subject: 'zookeeper', weight: 5, act: killZooKeeper },
  { name: 'ZooKeeper stopped for a while', subject: 'zookeeper', weight: 3, act: pauseZooKeeper },
];

/** Drawn by weight. */
export function chosen(random: Random): Disturbance {
  const all = disturbances.flatMap((disturbance) => Array<Disturbance>(disturbance.weight).fill(disturbance));
  return all[Math.floor(random() * all.length)]!;
}

function killTask({ cluster }: Scene, random: Random): void {
  const leaders = [...taskLeaders(cluster.workDir).values()].sort((a, b) => a.pid - b.pid);
  const leader = leaders[Math.floor(random() * leaders.length)];
  try {
    if (leader) process.kill(leader.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function pauseScheduler({ scheduler }: Scene, random: Random): Promise<void> {
  const program = scheduler();
  program.signal('SIGSTOP');
  await delay(outageMs(random));
  program.signal('SIGCONT');
}

async function killZooKeeper({ zookeeper }: Scene, random: Random): Promise<void> {
  await zookeeper.kill();
  await delay(outageMs(random));
  zookeeper.start();
}

async function pauseZooKeeper({ zookeeper }: Scene, random: Random): Promise<void> {
  zookeeper.pause();
  await delay(outageMs(random));
  zookeeper.resume();
}
