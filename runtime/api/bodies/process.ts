/**
 * What keeps the scheduler's process busy, for people. The field's scheduler lists the stacks of its threads; ours has one, which is
 * writing this, so what it waits for is listed instead. Never says anything of the environment.
 */

/** `TCPSocketWrap 12`: how many of each kind are open, then memory and age. */
export function processText(): string {
  const open = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) open.set(kind, (open.get(kind) ?? 0) + 1);
  const { rss, heapUsed } = process.memoryUsage();
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return [
    `Node.js ${process.version}, up ${Math.round(process.uptime())} s, ${mib(rss)} resident, ${mib(heapUsed)} of it live objects`,
    'One thread decides; it waits for:',
    ...[...open].sort().map(([kind, count]) => `  ${kind} ${count}`),
    '',
  ].join('\n');
}
