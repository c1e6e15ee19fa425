/**
 * The API of a scheduler that has a deploy plan of 1,000 steps, asked by 50 clients who each ask again as soon as they are answered.
 * Promises the process that an operator would start, over its own port.
 */
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { masterOf, storedService } from './stored.js';
import { freePort } from './zookeeper.js';

const STEPS = 1000;
const CLIENTS = 50;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 5_000;
const FRAMES = 200;

/** What one client waited for each of its answers, in milliseconds, and how many a second all got together. */
export async function planGets(stage) {
  const { api } = await started(stage);
  await polling(stage, api, () => sleep(WARM_UP_MS));
  const waits = await polling(stage, api, () => sleep(MEASURED_MS));
  const sorted = waits.toSorted((a, b) => a - b);
  return { perSecond: (waits.length / MEASURED_MS) * 1000, p99: sorted[Math.floor(sorted.length * 0.99)] };
}

/** By how much longer than without them the process's event loop, and any frame that is due, stands still at most among clients. */
export async function frameDelay(stage) {
  const hook = pathToFileURL(join(import.meta.dirname, 'stall.js')).href;
  const { api, master, records, child, says } = await started(stage, { NODE_OPTIONS: `--import ${hook}` });
  let sent = 0;
  /** Changed statuses, one after the other: each is a frame with a commit, and makes the plan anew. */
  async function longestStall() {
    await stallSince(child, says, stage);
    for (let at = 0; at < FRAMES; at++) {
      master.news([records[sent % records.length]], Math.floor(sent / records.length) % 2 === 0, ++sent);
      while (master.acknowledged() < sent) await sleep(1, undefined, { signal: stage.signal });
    }
    return stallSince(child, says, stage);
  }
  await polling(stage, api, longestStall);
  const alone = await longestStall();
  let among = 0;
  await polling(stage, api, async () => {
    among = await longestStall();
  });
  return Math.max(among - alone, 0);
}

/** The longest stall in milliseconds since it was asked for last. */
async function stallSince(child, says, stage) {
  const before = says().length;
  child.kill('SIGUSR2');
  for (;;) {
    const [, ms] = /^stall (\S+)$/m.exec(says().slice(before)) ?? [];
    if (ms !== undefined) return Number(ms);
    await once(child.stdout, 'data', { signal: stage.signal });
  }
}

async function started(stage, environment = {}) {
  const { args, records } = await storedService(stage, STEPS, `file:${join(stage.directory, 'store')}`);
  const master = await masterOf(stage, records);
  const port = await freePort();
  const own = { PORT_API: String(port), MESOS_JSON: 'true' };
  const process = stage.serve([...args, '--master', master.address], { ...own, ...environment });
  await master.subscribed;
  const api = `http://127.0.0.1:${port}`;
  while (!(await isUp(api))) await sleep(20, undefined, { signal: stage.signal });
  return { ...process, api, master, records };
}

function isUp(api) {
  return new Promise((resolve) => {
    get(`${api}/v1/health`, (response) => response.resume().on('end', () => resolve(true))).on('error', () =>
      resolve(false),
    );
  });
}

/** All clients ask as long as `meanwhile` takes; resolves to how long each answer took. */
async function polling(stage, api, meanwhile) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const waits = [];
  let stopped = false;
  async function client() {
    while (!stopped && !stage.signal.aborted) {
      const askedAt = performance.now();
      await answered(`${api}/v1/plans/deploy`, agent);
      waits.push(performance.now() - askedAt);
    }
  }
  const clients = Array.from({ length: CLIENTS }, client);
  await meanwhile();
  stopped = true;
  await Promise.all(clients);
  agent.destroy();
  return waits;
}

function answered(url, agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    request.on('error', reject);
  });
}
