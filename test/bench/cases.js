/**
 * What is measured, as data: `run(stage)` resolves to one sample in the case's unit. Every process is `node bin/mainstay.js` of the
 * stage's checkout, everything talks over 127.0.0.1; what the matcher does by itself is timed in this process.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { frameDelay, planGets } from './api.js';
import { definitionOfLines, environment } from './definition.js';
import { durableLaunches, longestStall, residentWith, startWith } from './large.js';
import { declineGrowth, declines, launches } from './launches.js';
import { matchRounds, mean, p99 } from './match.js';
import { firstPaint, withoutChromium } from './page.js';
import { readingRounds } from './reader.js';
import { durableStatuses, withoutZooKeeper } from './zookeeper.js';

/** How often the API is asked whether the plan is COMPLETE: as coarse as `deploy-data-store` is. */
const POLL_MS = 10;
/** After COMPLETE, until start-up's garbage is collected; then the smallest of some samples, for garbage comes and goes. */
const SETTLE_MS = 5_000;
const RSS_SAMPLES = 5;
const RSS_PAUSE_MS = 500;

export const cases = [
  {
    name: 'api-plan-get',
    unit: 'answers/s',
    better: 'more',
    measures: 'GET of a deploy plan of 1,000 steps by 50 clients without a pause, 1,000 tasks running',
    run: async (stage) => (await planGets(stage)).perSecond,
  },
  {
    name: 'api-plan-get-p99',
    unit: 'ms',
    better: 'less',
    measures: 'what 99 of 100 of those answers took at most',
    run: async (stage) => (await planGets(stage)).p99,
  },
  {
    name: 'api-under-load',
    unit: 'ms',
    better: 'less',
    measures:
      'by how much the longest of 200 frames is longer while those clients ask than one without them usually is',
    run: frameDelay,
  },
  {
    name: 'start-to-subscribe',
    unit: 'ms',
    better: 'less',
    measures: 'process start of `run`, store empty, until SUBSCRIBE arrives at the master',
    run: startToSubscribe,
  },
  {
    name: 'deploy-data-store',
    unit: 'ms',
    better: 'less',
    measures: 'process start of `run`, fresh embedded cluster, until the API says that the deploy plan is COMPLETE',
    run: async (stage) => (await deployed(stage)).elapsedMs,
  },
  {
    name: 'rss-deployed',
    unit: 'MiB',
    better: 'less',
    measures: 'resident memory of the scheduler process once that plan is COMPLETE and some seconds have passed',
    run: residentDeployed,
  },
  {
    name: 'validate-data-store',
    unit: 'ms',
    better: 'less',
    measures: 'the whole process of `validate`',
    run: (stage) => validate(stage, dataStore(stage)),
  },
  {
    name: 'validate-500-lines',
    unit: 'ms',
    better: 'less',
    measures: 'the whole process of `validate` on a definition of 500 lines, 33 pod types, without a package',
    run: validateLines,
  },
  {
    name: 'build-spec-50-pods',
    unit: 'ms',
    better: 'less',
    measures: 'from the text of a definition of 50 pod types to its spec, warm, in this process: median of 50 rounds',
    run: async (stage) => median(await readingRounds(stage, 50)),
  },
  {
    name: 'match-100x100',
    unit: 'ms',
    better: 'less',
    measures: 'mean time of a frame in which 100 pods of two volumes and a placement rule find places on 100 agents',
    run: async (stage) => mean(await matchRounds(stage, 100, 100)),
  },
  {
    name: 'match-100x100-p99',
    unit: 'ms',
    better: 'less',
    measures: 'the 99th percentile of the same, of 300 frames',
    run: async (stage) => p99(await matchRounds(stage, 100, 100)),
  },
  {
    name: 'decline-offers',
    unit: 'offers/s',
    better: 'more',
    measures: 'offers that are read from the wire and declined while there is nothing to do; 200,000 of 100 agents',
    run: declines,
  },
  {
    name: 'rss-declines',
    unit: 'MiB',
    better: 'less',
    measures: 'growth of the resident memory over 1,000,000 declined offers',
    run: declineGrowth,
  },
  {
    name: 'launches-memory',
    unit: 'launches/s',
    better: 'more',
    measures: 'a parallel plan of 1,000 pods on 500 agents, cluster and store in memory, until it is COMPLETE',
    run: (stage) => launches(stage, 1000, 500),
  },
  {
    name: 'launches-1000-agents',
    unit: 'launches/s',
    better: 'more',
    measures: 'the same on 1,000 agents',
    run: (stage) => launches(stage, 1000, 1000),
  },
  {
    name: 'launches-10000-agents',
    unit: 'launches/s',
    better: 'more',
    measures: 'the same on 10,000 agents',
    run: (stage) => launches(stage, 1000, 10_000),
  },
  {
    name: 'status-durable-zookeeper',
    unit: 'statuses/s',
    better: 'more',
    measures:
      'status updates that arrive in bursts of 100, until they are stored in a real ZooKeeper and acknowledged; 500 tasks',
    run: durableStatuses,
    missing: withoutZooKeeper,
  },
  {
    name: 'launches-zookeeper',
    unit: 'launches/s',
    better: 'more',
    measures: 'a parallel plan of 500 pods, cluster in memory, store in a real ZooKeeper, until it is COMPLETE',
    run: (stage) => durableLaunches(stage, 500),
    missing: withoutZooKeeper,
  },
  {
    name: 'start-1000-tasks',
    unit: 'ms',
    better: 'less',
    measures: 'process start of `run`, 1,000 tasks stored in a real ZooKeeper, until SUBSCRIBE arrives at the master',
    run: (stage) => startWith(stage, 1000),
    missing: withoutZooKeeper,
  },
  {
    name: 'rss-1000',
    unit: 'MiB',
    better: 'less',
    measures: 'resident memory of the scheduler process some seconds after 1,000 stored tasks were reconciled',
    run: (stage) => residentWith(stage, 1000),
    missing: withoutZooKeeper,
  },
  {
    name: 'rss-10000',
    unit: 'MiB',
    better: 'less',
    measures: 'the same with 10,000 tasks',
    run: (stage) => residentWith(stage, 10_000),
    missing: withoutZooKeeper,
  },
  {
    name: 'event-loop-stall',
    unit: 'ms',
    better: 'less',
    measures: 'longest stall of a scheduler process with 1,000 tasks while 5,000 statuses arrive in bursts of 100',
    run: (stage) => longestStall(stage, 1000),
    missing: withoutZooKeeper,
  },
  {
    name: 'page-first-paint',
    unit: 'ms',
    better: 'less',
    measures:
      'the page of a service of 200 pods: from its request until the first plan is drawn in Chromium, nothing cached',
    run: (stage) => firstPaint(stage, 200),
    missing: withoutChromium,
  },
];

async function startToSubscribe(stage) {
  const master = createServer();
  const port = await listening(master);
  stage.defer(() => closing(master));
  // Nothing can be said to a master before SUBSCRIBE, so the first request is it.
  const arrived = once(master, 'request').then(() => performance.now());
  const { startedAt } = await scheduler(stage, `http://127.0.0.1:${port}`);
  return (await arrived) - startedAt;
}

async function residentDeployed(stage) {
  const { pid } = await deployed(stage);
  await sleep(SETTLE_MS, undefined, { signal: stage.signal });
  const samples = [];
  for (let sample = 0; sample < RSS_SAMPLES; sample++) {
    samples.push(await residentMiB(pid));
    await sleep(RSS_PAUSE_MS, undefined, { signal: stage.signal });
  }
  return Math.min(...samples);
}

async function validate(stage, path, variables = {}) {
  const { startedAt, ended, says } = stage.start(['validate', path], variables);
  const [code] = await ended;
  if (code !== 0) throw new Error(`mainstay validate ended with code ${code}:\n${says()}`);
  return performance.now() - startedAt;
}

async function validateLines(stage) {
  const path = join(stage.directory, 'svc.yml');
  await writeFile(path, definitionOfLines(500));
  return await validate(stage, path, environment);
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

async function deployed(stage) {
  const master = await cluster(stage);
  const { child, startedAt, api } = await scheduler(stage, master);
  while ((await planStatus(`${api}/v1/plans/deploy`, stage.signal)) !== 'COMPLETE') {
    await sleep(POLL_MS, undefined, { signal: stage.signal });
  }
  return { pid: child.pid, elapsedMs: performance.now() - startedAt };
}

/** The URL of a cluster of three agents, each of which is registered. */
async function cluster(stage) {
  const { child, says } = stage.serve(['cluster', '--port', '0', '--work-dir', 'cluster']);
  for (;;) {
    const url = /^master +(http:\S+)/m.exec(says())?.[1];
    if (url) return url;
    await once(child.stdout, 'data', { signal: stage.signal });
  }
}

async function scheduler(stage, master) {
  const port = await freePort();
  const args = ['run', dataStore(stage), '--master', master, '--store', 'file:store'];
  return { ...stage.serve(args, { PORT_API: String(port) }), api: `http://127.0.0.1:${port}` };
}

function dataStore({ checkout }) {
  return join(checkout, 'frameworks/data-store');
}

/** Undefined as long as the API does not listen. */
async function planStatus(url, signal) {
  try {
    return (await (await fetch(url, { signal })).json()).status;
  } catch (error) {
    if (error.cause?.code === 'ECONNREFUSED') return undefined;
    throw error;
  }
}

async function residentMiB(pid) {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

async function freePort() {
  const server = createServer();
  const port = await listening(server);
  await closing(server);
  return port;
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function closing(server) {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
