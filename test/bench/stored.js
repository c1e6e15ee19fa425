/**
 * A service of many tasks that ran before the scheduler starts: stored in a real store, with a master that knows all of them.
 * Promises what a scheduler would have stored; the tasks themselves are nowhere.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { memoryCluster } from './memory.js';
import { freePort, zooKeeper } from './zookeeper.js';

const FRAMEWORK = '00000000-0000-4000-8000-00000000bead-0000';
/** Writes of a transaction. */
const AT_ONCE = 300;

/** Stores so many running tasks, in a new ZooKeeper unless told where; resolves to the arguments with which `mainstay` goes on with them. */
export async function storedService(stage, count, where) {
  const part = (path) => import(pathToFileURL(join(stage.checkout, 'dist', path)).href);
  const [{ nodeWrites }, { openStore }, { claim }, { parseService }] = await Promise.all(
    ['store/layout.js', 'store/open.js', 'store/schema.js', 'spec/spec.js'].map(part),
  );
  const file = join(stage.directory, 'svc.yml');
  writeFileSync(file, definition(count));
  const { spec, plans } = parseService({ file, text: definition(count) }, {});
  const { id, records } = await recordsOf(stage, count);
  const service = spec.name;
  const writes = [
    { kind: 'framework-id', frameworkId: FRAMEWORK },
    { kind: 'config', service, id, spec },
    { kind: 'target', service, id },
    { kind: 'plans', service, plans },
    { kind: 'property', service, key: 'last-completed-update-type', value: 'DEPLOY' },
    ...records.flatMap(({ info, status, progress }) => [
      { kind: 'task-info', service, task: info.name, info },
      { kind: 'task-status', service, task: info.name, status },
      { kind: 'progress', service, task: info.name, progress },
    ]),
  ];
  const store = where ?? `zk://${await zooKeeper(stage)}`;
  const tree = await openStore(store, { service });
  await claim(tree, service);
  for (let at = 0; at < writes.length; at += AT_ONCE) await tree.commit(nodeWrites(writes.slice(at, at + AT_ONCE)));
  await tree.close();
  return { args: ['run', file, '--store', store], records };
}

/** One task is launched for real, in memory; the others are as it, but for their names and ids. */
async function recordsOf({ checkout }, count) {
  const { parseService } = await import(pathToFileURL(join(checkout, 'dist/spec/spec.js')).href);
  const resources = ['cpus', 'mem', 'disk'].map((name) => ({ name, type: 'SCALAR', scalar: { value: 1000 } }));
  const one = parseService({ file: 'svc.yml', text: definition(1) }, {});
  const { service, run } = await memoryCluster(checkout, { ...one, agents: 1, resources });
  await run(() => service().tasks.get('data-0-node')?.progress.reached !== undefined);
  const id = service().targetId;
  const { info, status, progress } = service().tasks.get('data-0-node');
  const model = JSON.stringify({ info, status: { ...status, uuid: undefined }, progress });
  const records = Array.from({ length: count }, (_, at) => {
    const own = (uuid) =>
      uuid === id
        ? id
        : `${uuid.slice(0, 14)}8${uuid.slice(15, 24)}${uuid.slice(24, 30)}${at.toString(16).padStart(6, '0')}`;
    return JSON.parse(
      model
        .replaceAll('data-0', `data-${at}`)
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}/g, own),
    );
  });
  return { id, records };
}

/** A master of such tasks: says of each that it runs when it is asked, and counts what is acknowledged. */
export async function masterOf(stage, records) {
  const port = await freePort();
  const statuses = new Map(records.map(({ status }) => [status.task_id.value, status]));
  let stream;
  let acknowledged = 0;
  let subscribe;
  const subscribed = new Promise((resolve) => {
    subscribe = resolve;
  });

  function say(event) {
    const body = JSON.stringify(event);
    stream.write(`${Buffer.byteLength(body)}\n${body}`);
  }

  async function answer(request, response) {
    const call = JSON.parse(await text(request));
    if (call.type === 'SUBSCRIBE') {
      response.writeHead(200, { 'content-type': 'application/json', 'mesos-stream-id': 'bench' });
      stream = response;
      say({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: FRAMEWORK }, heartbeat_interval_seconds: 600 } });
      subscribe();
      return;
    }
    response.writeHead(202).end();
    if (call.type === 'ACKNOWLEDGE') acknowledged++;
    for (const { task_id } of call.reconcile?.tasks ?? []) {
      const status = { ...statuses.get(task_id.value), source: 'SOURCE_MASTER', reason: 'REASON_RECONCILIATION' };
      say({ type: 'UPDATE', update: { status } });
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  stage.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    address: `http://127.0.0.1:${port}`,
    subscribed,
    acknowledged: () => acknowledged,
    /** A changed status of each of these tasks, all at once. */
    news(some, healthy, number) {
      for (const [at, { status }] of some.entries()) {
        const uuid = Buffer.alloc(16);
        uuid.writeUInt32BE(number + at);
        const update = { status: { ...status, healthy, uuid: uuid.toString('base64') } };
        say({ type: 'UPDATE', update });
      }
    },
  };
}

function definition(count) {
  return `
name: bench
pods:
  data:
    count: ${count}
    tasks:
      node: { goal: RUNNING, cmd: ./run, cpus: 0.1, memory: 32, volume: { path: data, type: ROOT, size: 10 } }
plans:
  deploy: { strategy: parallel, phases: { data: { pod: data, strategy: parallel } } }
`;
}
