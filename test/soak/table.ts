/** A soak as text for people. Promises the numbers it was given; judges nothing. */
import { disturbances } from './disturbance.ts';
import { median } from './judge.ts';
import type { Soak } from './soak.ts';

export function tableOf({ seed, seconds, done, ends, rests, glances, violations }: Soak): string {
  const sights = rests.map(({ sight }) => sight);
  const waits = rests.slice(1).map(({ tookMs }) => tookMs / 1000);
  const last = sights.at(-1);
  const lines = Object.values(last?.volumes ?? {}).reduce((sum, volume) => sum + volume.lines, 0);
  const rows: [string, string | number][] = [
    ...disturbances.map(({ name }): [string, number] => [name, done.filter((what) => what === name).length]),
    ['scheduler ended with', counted(ends.map(({ how }) => how))],
    ['rounds with all well at their end', waits.length],
    ['until all was well: median, longest (s)', `${median(waits).toFixed(1)}, ${Math.max(...waits).toFixed(1)}`],
    ['looked for two processes of a task', glances],
    ['volumes, lines on them', `${Object.keys(last?.volumes ?? {}).length}, ${lines}`],
    ['nodes in ZooKeeper: first, last', firstAndLast(sights.map(({ nodes }) => nodes.length))],
    ['memory of the scheduler: first, last (MB)', firstAndLast(sights.map((sight) => sight.schedulerMb))],
    ['memory of the cluster: first, last (MB)', firstAndLast(sights.map((sight) => sight.clusterMb))],
    ['wrong', violations.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const title = `${(seconds / 60).toFixed(1)} minutes, seed ${seed}`;
  return [title, '', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)].join('\n');
}

/** The first third against the last, by their medians: one number may be anything. */
function firstAndLast(numbers: readonly number[]): string {
  const third = Math.max(1, Math.floor(numbers.length / 3));
  return [numbers.slice(0, third), numbers.slice(-third)].map((part) => median(part).toFixed(0)).join(', ');
}

function counted(names: readonly string[]): string {
  const kinds = [...new Set(names)].sort();
  return kinds.map((kind) => `${kind} ${names.filter((name) => name === kind).length}`).join(', ');
}
