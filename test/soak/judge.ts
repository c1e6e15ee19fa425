/** What is wrong with what was seen, as sentences. Promises to be pure, and to call nothing wrong that a disturbance explains. */
import type { End } from './scene.ts';
import type { Glance, Sight } from './sight.ts';

/** At any moment. */
export function judgeGlance({ trees }: Glance): string[] {
  return twice(trees).map((name) => `two processes run for ${name}`);
}

/** At rest, against what was seen at rest before; `wanted` are the tasks of the service. */
export function judge(now: Sight, before: Sight | undefined, wanted: readonly string[]): string[] {
  const plans = Object.entries(now.plans).filter(([, status]) => status !== 'COMPLETE');
  return [
    ...judgeGlance(now),
    ...twice(now.tasks).map((name) => `Mesos has two tasks ${name}`),
    ...wanted.filter((name) => !now.trees.includes(name)).map((name) => `no process runs for ${name}`),
    ...wanted.filter((name) => !now.tasks.includes(name)).map((name) => `Mesos has no task ${name}`),
    ...now.tasks.filter((name) => !wanted.includes(name)).map((name) => `nobody wants ${name}`),
    ...plans.map(([name, status]) => `plan ${name} is ${status}`),
    ...(now.strays > 0 ? [`${now.strays} processes of tasks that have ended`] : []),
    ...now.unused.map((what) => `reserved and not used: ${what}`),
    ...(now.leases === 1 ? [] : [`${now.leases} leases of the lock`]),
    ...volumesLost(now, before, wanted),
    ...nodesLeaked(now, before),
  ];
}

/** How a scheduler may end that is killed and loses its store: 6, 9 and 11 are none of it. SIGTERM ends one that just begins. */
export function judgeEnd({ how, lastWords }: End): string[] {
  if (['SIGKILL', 'SIGTERM', '0', '8'].includes(how)) return [];
  if (how === '1' && /ZooKeeper/.test(lastWords)) return [];
  return [`the scheduler ended with ${how}: ${lastWords}`];
}

/** `samples` in the order of time. Whether it grew is only to be seen in many. */
export function judgeMemory(samples: readonly number[]): string[] {
  const third = Math.floor(samples.length / 3);
  if (third < 3) return [];
  const [first, last] = [median(samples.slice(0, third)), median(samples.slice(-third))];
  return last > first * 1.25 + 10 ? [`memory grew from ${first.toFixed(0)} to ${last.toFixed(0)} MB`] : [];
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function volumesLost(now: Sight, before: Sight | undefined, wanted: readonly string[]): string[] {
  const count = Object.keys(now.volumes).length;
  const kept = Object.entries(before?.volumes ?? {}).flatMap(([id, { first, lines }]) => {
    const volume = now.volumes[id];
    if (!volume) return [`the volume ${id} is lost`];
    if (volume.first !== first || volume.lines < lines) return [`the volume ${id} has lost data`];
    return [];
  });
  const empty = Object.entries(now.volumes).filter(([, { lines }]) => lines === 0);
  return [
    ...kept,
    ...empty.map(([id]) => `the volume ${id} is empty`),
    ...(count === wanted.length ? [] : [`${count} volumes for ${wanted.length} tasks`]),
  ];
}

function nodesLeaked(now: Sight, before: Sight | undefined): string[] {
  if (!before) return [];
  return [
    ...now.nodes.filter((path) => !before.nodes.includes(path)).map((path) => `a node more: ${path}`),
    ...before.nodes.filter((path) => !now.nodes.includes(path)).map((path) => `a node less: ${path}`),
  ];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
