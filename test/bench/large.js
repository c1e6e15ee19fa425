/**
 * A scheduler process that has many tasks: how soon it speaks to Mesos, what memory it takes, how long its loop stands still. Promises
 * the process that an operator would start, its store in a real ZooKeeper.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deployed } from './launches.js';
import { masterOf, storedService } from './stored.js';
import { freePort, zooKeeper } from './zookeeper.js';

const SETTLE_MS = 8_000;
const RSS_SAMPLES = 5;
const RSS_PAUSE_MS = 500;
const BURST = 100;
const BURSTS = 50;
const WARM_UP = 20;

/** Launches a second: a parallel plan of so many pods, the cluster in memory, until it is COMPLETE. */
export async function durableLaunches(stage, pods) {
  const { openStore } = await import(pathToFileURL(join(stage.checkout, 'dist/store/open.js')).href);
  const address = await zooKeeper(stage);
  // What is hot is optimised first, and not as much is stored then.
  const warm = await openStore(`zk://${address}/warm`, { service: 'bench' });
  await deployed(stage.checkout, 100, 50, warm);
  await warm.close();
  const tree = await openStore(`zk://${address}`, { service: 'bench' });
  stage.defer(() => tree.close());
  return (pods / (await deployed(stage.checkout, pods, pods, tree)).ms) * 1000;
}

/** From the start of the process to SUBSCRIBE. */
export async function startWith(stage, tasks) {
  const { master, startedAt } = await start(stage, tasks);
  await master.subscribed;
  return performance.now() - startedAt;
}

/** Once every task is confirmed and some seconds have passed; Node.js is given the options that the image gives it. */
export async function residentWith(stage, tasks) {
  const [, options] = /NODE_OPTIONS=(\S+)/.exec(readFileSync(join(stage.checkout, 'Dockerfile'), 'utf8'));
  const { master, child } = await start(stage, tasks, { NODE_OPTIONS: options });
  await master.subscribed;
  await sleep(SETTLE_MS, undefined, { signal: stage.signal });
  const samples = [];
  for (let sample = 0; sample < RSS_SAMPLES; sample++) {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)]);
    samples.push(Number(stdout) / 1024);
    await sleep(RSS_PAUSE_MS, undefined, { signal: stage.signal });
  }
  return Math.min(...samples);
}

/** From SUBSCRIBE on: all tasks are reconciled, then statuses come in bursts. The first bursts are not counted. */
export async function longestStall(stage, tasks) {
  const hook = pathToFileURL(join(import.meta.dirname, 'stall.js')).href;
  const { master, child, says, records } = await start(stage, tasks, { NODE_OPTIONS: `--import ${hook}` });
  await master.subscribed;
  let sent = 0;
  async function bursts(count) {
    for (let at = 0; at < count; at++) {
      const some = Array.from({ length: BURST }, (_, index) => records[(sent + index) % records.length]);
      master.news(some, Math.floor(sent / records.length) % 2 === 0, sent + 1);
      sent += BURST;
      while (master.acknowledged() < sent) await sleep(2, undefined, { signal: stage.signal });
    }
  }
  async function stallSince() {
    const before = says().length;
    child.kill('SIGUSR2');
    for (;;) {
      const [, ms] = /^stall (\S+)$/m.exec(says().slice(before)) ?? [];
      if (ms !== undefined) return Number(ms);
      await once(child.stdout, 'data', { signal: stage.signal });
    }
  }
  await bursts(WARM_UP);
  await stallSince();
  await bursts(BURSTS);
  return stallSince();
}

async function start(stage, tasks, environment = {}) {
  const { args, records } = await storedService(stage, tasks);
  const master = await masterOf(stage, records);
  const api = { PORT_API: String(await freePort()), MESOS_JSON: 'true' };
  const process = stage.serve([...args, '--master', master.address], { ...api, ...environment });
  return { ...process, master, records };
}
