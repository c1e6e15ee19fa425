/** What a dashboard of the field asks of a scheduler at work: the names that it knows, in each of the three forms. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { startDev } from '../support/dev.ts';
import { eventually } from '../support/eventually.ts';
import { deployed, get, helloWorld } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

interface Numbers {
  readonly gauges: Readonly<Record<string, { readonly value: number | boolean }>>;
  readonly counters: Readonly<Record<string, { readonly count: number }>>;
  readonly timers: Readonly<Record<string, { readonly count: number }>>;
}

const OF_THE_FIELD = [
  ...['offers.received', 'offers.processed', 'offers.process', 'revives', 'revives.throttles', 'suppresses'],
  ...['is_suppressed', 'declines.short', 'declines.long', 'plan_status.deploy', 'plan_status.recovery'],
  ...['reserve', 'create', 'launch_group', 'destroy', 'unreserve'].map((type) => `operation.${type}`),
  ...['task_starting', 'task_running', 'task_killed'].map((state) => `task_status.${state}`),
];

test('a deployment and replaced pods leave every number that the field knows: as JSON, for Prometheus, for StatsD', async () => {
  const statsd = await datagrams();
  const port = await serving({
    WORLD_COUNT: '1',
    // Offers that nobody needs in the meantime are declined for a moment.
    WORLD_READINESS_CHECK_DELAY: '3',
    STATSD_UDP_HOST: '127.0.0.1',
    STATSD_UDP_PORT: String(statsd.port),
    STATSD_POLL_INTERVAL_S: '0.2',
  });
  await deployed(port);
  // What time brings about is tried until it happened: on a busy machine two requests may come too far apart.
  while ((await missing(port)).length > 0) {
    // Two at once: the second wants new offers before they may be asked for again.
    await worked(port, 'hello-0/replace', 'world-0/replace');
    // Done before the offers that it does not need have waited long.
    await worked(port, 'hello-0/restart');
  }

  const { counters } = await numbersOf(port);
  expect(counters['operation.launch_group']?.count).toBeGreaterThanOrEqual(5);
  expect(counters['mesos.disconnects']?.count).toBe(0);
  const text = await (await get(port, 'v1/metrics/prometheus')).text();
  for (const name of Object.keys(counters))
    expect(text).toMatch(new RegExp(`^${name.replaceAll('.', '_')} \\d+$`, 'm'));
  expect(text).toMatch(/^offers_process\{quantile="0.99"\} \d/m);
  await eventually(() => expect(statsd.names()).toEqual(expect.arrayContaining(Object.keys(counters))));
  expect(statsd.names()).not.toContain('is_suppressed');
});

/** Starts the example service and waits for its API. */
async function serving(env: Readonly<Record<string, string>>): Promise<number> {
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const program = startDev(workplace(), variables, helloWorld);
  return eventually(() => {
    const [, found] = /the API is at http:\/\/127\.0\.0\.1:(\d+)/.exec(program.stdout()) ?? [];
    expect(found, program.stderr()).toBeDefined();
    return Number(found);
  });
}

/** Names of the field that were not told yet. */
async function missing(port: number): Promise<string[]> {
  const { gauges, counters, timers } = await numbersOf(port);
  const names = new Set([gauges, counters, timers].flatMap(Object.keys));
  return OF_THE_FIELD.filter((name) => !names.has(name));
}

/** Does that to pods, and waits until nothing is left to do. */
async function worked(port: number, ...verbs: string[]): Promise<void> {
  const suppresses = async () => (await numbersOf(port)).counters['suppresses']?.count ?? 0;
  const before = await eventually(async () => {
    expect((await numbersOf(port)).gauges['is_suppressed']?.value).toBe(true);
    return suppresses();
  });
  await Promise.all(verbs.map((verb) => fetch(`http://127.0.0.1:${port}/v1/pod/${verb}`, { method: 'POST' })));
  await eventually(async () => expect(await suppresses()).toBeGreaterThan(before));
}

async function numbersOf(port: number): Promise<Numbers> {
  return (await (await get(port, 'v1/metrics')).json()) as Numbers;
}

/** A StatsD server that remembers the names that it was sent. */
async function datagrams(): Promise<{ port: number; names: () => string[] }> {
  const names = new Set<string>();
  const socket = createSocket('udp4', (message) => void names.add(message.toString().replace(/:.*/, '')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { port: socket.address().port, names: () => [...names] };
}
