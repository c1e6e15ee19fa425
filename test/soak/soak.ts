/**
 * The soak: a service on an embedded cluster and a real ZooKeeper, disturbed for minutes, at rest and looked at in between. Promises
 * a table and an exit code; the seed decides what is done and when, though not how fast the machine is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../support/eventually.ts';
import { processes } from '../support/processes.ts';
import { randomFrom, seedOf } from '../support/random.ts';
import { chosen, type Disturbance } from './disturbance.ts';
import { judge, judgeEnd, judgeGlance, judgeMemory } from './judge.ts';
import { openScene, type Scene, TASKS } from './scene.ts';
import { glance, look, type Sight } from './sight.ts';
import { tableOf } from './table.ts';

export interface Soak {
  readonly seed: number;
  readonly seconds: number;
  /** Names of what was done, in order. */
  readonly done: readonly string[];
  readonly ends: Scene['ends'];
  /** Each time at rest; the first is before anything was done. */
  readonly rests: readonly { readonly tookMs: number; readonly sight: Sight }[];
  readonly glances: number;
  readonly violations: readonly string[];
}

/** Between two disturbances at most. */
const PAUSE_MS = 1_500;
const ROUND_MS = 15_000;
/** How long it may take until all is well again. */
const REST_MS = 90_000;

/** `npm run soak -- [--minutes 10] [--seed N]`; returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const options = { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed ?? seedOf());
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error('--minutes takes a number above 0, --seed a whole number');
    return 1;
  }
  console.log(`${minutes} minutes, seed ${seed}`);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(signal));
  const soaked = await soak(minutes * 60, seed, (line) => console.log(line), interruption.signal);
  if (interruption.signal.aborted) {
    console.error(`ended by ${interruption.signal.reason} after ${soaked.done.length} disturbances`);
    return 130;
  }
  console.log(`\n${tableOf(soaked)}`);
  for (const violation of soaked.violations) console.log(`  ${violation}`);
  return soaked.violations.length === 0 ? 0 : 1;
}

/** Ends early at the first round that is not well in the end, and when interrupted: no process is left in either case. */
export async function soak(
  seconds: number,
  seed: number,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<Soak> {
  const random = randomFrom(seed);
  const scene = await openScene();
  const done: string[] = [];
  const rests: { tookMs: number; sight: Sight }[] = [];
  const violations: string[] = [];
  const startedAt = performance.now();
  const watch = watching(scene);
  try {
    do {
      if (rests.length > 0) await round(scene, random, done, interrupted);
      const rest = await untilWell(scene, rests.at(-1)?.sight, interrupted);
      if (interrupted.aborted) break;
      if (rest.violations) violations.push(...rest.violations);
      else rests.push(rest);
      say(
        `${seconded(performance.now() - startedAt)} s: ${done.length} done, ${rests.length - 1} rounds, ${violations.length} wrong`,
      );
    } while (violations.length === 0 && performance.now() - startedAt < seconds * 1000);
  } finally {
    violations.push(...watch.end());
    await scene.close();
  }
  violations.push(...leftOver(scene));
  violations.push(...scene.ends.flatMap(judgeEnd));
  violations.push(...judgeMemory(rests.map(({ sight }) => sight.clusterMb)));
  violations.push(...judgeMemory(rests.map(({ sight }) => sight.schedulerMb)));
  return { seed, seconds, done, ends: scene.ends, rests, glances: watch.count(), violations };
}

/** ZooKeeper may be away while tasks are killed and a scheduler starts. */
async function round(scene: Scene, random: () => number, done: string[], interrupted: AbortSignal): Promise<void> {
  const busy = new Map<Disturbance['subject'], Promise<void>>();
  for (const until = performance.now() + ROUND_MS; performance.now() < until && !interrupted.aborted; ) {
    const { name, subject, act } = chosen(random);
    if (!busy.has(subject)) {
      done.push(name);
      const acting = Promise.resolve(act(scene, random)).finally(() => busy.delete(subject));
      busy.set(subject, acting);
    }
    await delay(random() * PAUSE_MS);
  }
  await Promise.all(busy.values());
}

type Rest = { readonly tookMs: number; readonly sight: Sight; readonly violations?: undefined };

async function untilWell(
  scene: Scene,
  before: Sight | undefined,
  interrupted: AbortSignal,
): Promise<Rest | { readonly violations: string[] }> {
  const startedAt = performance.now();
  let violations: string[] = [];
  try {
    const sight = await eventually(async () => {
      violations = [];
      const seen = await look(scene);
      violations = interrupted.aborted ? [] : judge(seen, before, TASKS);
      if (violations.length > 0) throw new Error('not well yet');
      return seen;
    }, REST_MS);
    return { tookMs: performance.now() - startedAt, sight };
  } catch (error) {
    const why = violations.length > 0 ? violations : [(error as Error).message];
    const log = scene.scheduler().stderr().trimEnd().split('\n').slice(-5);
    return { violations: [...why.map((text) => `${text}, after ${REST_MS / 1000} s of rest`), ...log] };
  }
}

/** Glances all the time; what was wrong is told at the end, each once. */
function watching(scene: Scene) {
  const wrong = new Set<string>();
  let glances = 0;
  const timer = setInterval(() => {
    glances++;
    for (const violation of judgeGlance(glance(scene))) wrong.add(violation);
  }, 500);
  return {
    count: () => glances,
    end() {
      clearInterval(timer);
      return wrong;
    },
  };
}

/** Processes that outlived the scene: by the directory that they all have in their arguments or their environment. */
function leftOver({ directory }: Scene): string[] {
  return processes()
    .filter(({ command, env }) => [...command, env['MESOS_SANDBOX'] ?? ''].some((word) => word.includes(directory)))
    .map(({ pid, command }) => `process ${pid} is left: ${command.join(' ')}`);
}

function seconded(ms: number): string {
  return (ms / 1000).toFixed(0);
}
