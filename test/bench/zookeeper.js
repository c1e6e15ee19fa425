/**
 * A real ZooKeeper for a case, and statuses that the scheduler's own loop makes durable in it. Promises that the server writes to its
 * disk as in production, listens on 127.0.0.1 alone, and is gone with the stage.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryCluster } from './memory.js';

/** Debian's package `zookeeper`. */
const JAR = '/usr/share/java/zookeeper.jar';

/** Why a case cannot run here, if it cannot. */
export function withoutZooKeeper() {
  return existsSync(JAR)
    ? undefined
    : `needs ZooKeeper (${JAR}) and Java: apt-get install zookeeper default-jre-headless`;
}

const TASKS = 500;
/** No heartbeat is missed: time stands still where the cluster in memory begins. */
const NOW_MS = 1_000_000;
/** So many statuses arrive together, as when an agent comes back. */
const BURST = 100;
const DEFINITION = `
name: bench
pods:
  data:
    count: ${TASKS}
    tasks:
      node: {goal: RUNNING, cmd: ./run, cpus: 0.1, memory: 32}
plans:
  deploy: {strategy: parallel, phases: {data: {pod: data, strategy: parallel}}}
`;
const BURSTS = 60;
const WARM_UP = 20;

/** Statuses a second that were stored and acknowledged, arriving in bursts. */
export async function durableStatuses(stage) {
  const part = (path) => import(pathToFileURL(join(stage.checkout, 'dist', path)).href);
  const [{ nodeWrites }, { openStore }, { parseService }] = await Promise.all(
    ['store/layout.js', 'store/open.js', 'spec/spec.js'].map(part),
  );
  const { machine, run, service } = await memoryCluster(stage.checkout, {
    ...parseService({ file: 'svc.yml', text: DEFINITION }, {}),
    agents: 10,
    resources: ['cpus', 'mem', 'disk'].map((name) => ({ name, type: 'SCALAR', scalar: { value: 1_000_000 } })),
  });
  const runs = (task) => task.status?.state === 'TASK_RUNNING';
  await run(() => !machine.isCommitting() && [...service().tasks.values()].filter(runs).length === TASKS);
  const tree = await openStore(`zk://${await zooKeeper(stage)}`, { service: service().name });
  stage.defer(() => tree.close());

  const { subscription } = machine.state.session;
  const statuses = [...service().tasks.values()].map(({ status }) => status);
  let acknowledged = 0;
  let sent = 0;

  /** Acts as the loop does: a transaction, then what may be said. */
  async function act(outputs) {
    for (const output of outputs) {
      if (output.kind === 'send' && output.call.type === 'ACKNOWLEDGE') acknowledged++;
      if (output.kind !== 'commit') continue;
      await tree.commit(nodeWrites(output.writes));
      await act(machine.take({ kind: 'committed' }, NOW_MS));
    }
  }

  async function burst() {
    const frames = [];
    for (let at = 0; at < BURST; at++) {
      const uuid = Buffer.alloc(16);
      uuid.writeUInt32BE(++sent);
      // Each time round the tasks it is news, and no reason to do anything.
      const news = { uuid: uuid.toString('base64'), healthy: Math.ceil(sent / TASKS) % 2 === 1 };
      const status = { ...statuses[sent % statuses.length], ...news };
      const event = { kind: 'event', event: { type: 'UPDATE', update: { status } } };
      frames.push(act(machine.take({ kind: 'connection', subscription, event }, NOW_MS)));
    }
    await Promise.all(frames);
  }

  for (let at = 0; at < WARM_UP; at++) await burst();
  acknowledged = 0;
  const startedAt = performance.now();
  for (let at = 0; at < BURSTS; at++) await burst();
  if (acknowledged !== BURST * BURSTS) throw new Error(`${acknowledged} of ${BURST * BURSTS} statuses acknowledged`);
  return acknowledged / ((performance.now() - startedAt) / 1000);
}

/** `host:port` of a new server. */
export async function zooKeeper(stage) {
  const port = await freePort();
  const data = join(stage.directory, 'zookeeper');
  const config = join(stage.directory, 'zoo.cfg');
  mkdirSync(data);
  writeFileSync(
    config,
    `tickTime=2000\ndataDir=${data}\nclientPort=${port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`,
  );
  const java = ['-Xmx512m', '-cp', JAR, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', config];
  const server = spawn('java', java, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  stage.defer(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  return `127.0.0.1:${port}`;
}

export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
