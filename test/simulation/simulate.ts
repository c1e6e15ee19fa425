/**
 * Many histories at once, each core playing one after another, and the table of what came of them. A broken rule is shown with
 * the shortest history that still breaks it and the command that plays it again.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { MessagePort, Worker } from 'node:worker_threads';
import { type History, historyOf, type Outcome, play } from './history.ts';
import type { Definition } from './scheduler.ts';
import { definitions } from './services.ts';
import { historyText, shrink } from './shrink.ts';

interface Played {
  readonly seed: number;
  readonly outcome: Outcome;
}

/** The work of a worker: plays each seed that it is sent and says what came of it. */
export async function playAsked(port: MessagePort): Promise<void> {
  const services = await definitions();
  port.on('message', async (seed: number) => {
    port.postMessage({ seed, outcome: await play(historyOf(seed, services.length), services) } satisfies Played);
  });
  port.postMessage('ready');
}

/** Returns the exit code: 1 when a rule was broken. */
export async function simulate(args: string[], startWorker: () => Worker): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
    },
  });
  const first = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) {
    console.error('--seeds, --from and --seed take whole numbers');
    return 1;
  }
  const startedAt = Date.now();
  const played = await playAll(first, count, startWorker);
  console.log(table(played, Date.now() - startedAt));
  const broken = played.filter(({ outcome }) => outcome.violation).sort((a, b) => a.seed - b.seed);
  const services = await definitions();
  for (const { seed } of broken.slice(0, 3))
    console.log(`\n${await report(historyOf(seed, services.length), services)}`);
  if (broken.length > 3)
    console.log(
      `\nand seeds ${broken
        .slice(3)
        .map(({ seed }) => seed)
        .join(' ')}`,
    );
  return broken.length > 0 ? 1 : 0;
}

/** Every worker is sent the next seed when it is done with one. */
async function playAll(first: number, count: number, startWorker: () => Worker): Promise<Played[]> {
  const played: Played[] = [];
  let next = first;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = startWorker();
      worker.on('error', reject);
      worker.on('message', (message: Played | 'ready') => {
        if (message !== 'ready') played.push(message);
        if (next < first + count) worker.postMessage(next++);
        else worker.terminate().then(() => resolve(), reject);
      });
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, one));
  return played;
}

/** The violation of a history, what is left of the history when it is shrunk, and how to see it again. */
export async function report(history: History, services: readonly Definition[]): Promise<string> {
  const rule = (await play(history, services)).violation?.rule;
  const shortest = await shrink(history, async (shorter) => (await play(shorter, services)).violation?.rule === rule);
  const { violation } = await play(shortest, services);
  return [
    violation?.message ?? 'it is not broken when it is played again',
    historyText(shortest),
    `replay with: npm run simulate -- --seed ${history.seed}`,
  ].join('\n');
}

function table(played: readonly Played[], ms: number): string {
  const struck = new Map<string, number>();
  for (const { outcome } of played) {
    for (const [kind, count] of Object.entries(outcome.struck)) struck.set(kind, (struck.get(kind) ?? 0) + count);
  }
  const hours = played.reduce((sum, { outcome }) => sum + outcome.simulatedMs, 0) / 3_600_000;
  const rows: [string, string | number][] = [
    ['seeds', played.length],
    ['simulated hours', hours.toFixed(1)],
    ['faults and actions', [...struck.values()].reduce((a, b) => a + b, 0)],
    ...[...struck].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]): [string, number] => [`  ${kind}`, count]),
    ['violations', played.filter(({ outcome }) => outcome.violation).length],
    ['seconds', (ms / 1000).toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${String(value).padStart(8)}`).join('\n');
}
