/**
 * The scheduler's loop against a cluster in memory: how fast a large service comes up, and how fast offers that nobody wants are
 * turned down. Promises the product's own code from the bytes of the wire to the store in memory, and nothing but it.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryCluster } from './memory.js';

const AGENT = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 8192 } },
  { name: 'disk', type: 'SCALAR', scalar: { value: 20_000 } },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 10_000, end: 10_999 }] } },
];

/** Launches a second: a parallel plan of so many pods with two volumes each, on so many agents, until it is COMPLETE. */
export async function launches({ checkout }, pods, agents) {
  await warmUp(checkout);
  return (pods / (await deployed(checkout, pods, agents)).ms) * 1000;
}

const warm = new Set();

/** What is hot is optimised first, which takes the engine some thousand launches. */
async function warmUp(checkout) {
  if (warm.has(checkout)) return;
  for (let round = 0; round < 6; round++) await deployed(checkout, 500, 250);
  warm.add(checkout);
}

/** A cluster on which that has come to an end, and how long it took; `store` is a tree, if not one in memory. */
export async function deployed(checkout, pods, agents, store) {
  const definition = await parsed(
    checkout,
    `
name: bench
pods:
  data:
    count: ${pods}
    tasks:
      node:
        goal: RUNNING
        cmd: ./run
        cpus: 0.5
        memory: 128
        volumes:
          data: { path: data, type: ROOT, size: 100 }
          log: { path: log, type: ROOT, size: 100 }
plans:
  deploy: { strategy: parallel, phases: { data: { pod: data, strategy: parallel } } }
`,
  );
  const cluster = await memoryCluster(checkout, { ...definition, agents, resources: AGENT, store });
  const isComplete = () => cluster.service().properties.get('last-completed-update-type') === 'DEPLOY';
  return { cluster, ms: await cluster.run(isComplete) };
}

/** Offers a second that are read from the wire, found unwanted and declined; 100 agents offer at a time. */
export async function declines({ checkout }) {
  const decline = await decliner(checkout);
  decline(20_000);
  const offers = 200_000;
  const startedAt = performance.now();
  decline(offers);
  return (offers / (performance.now() - startedAt)) * 1000;
}

/** By how much MiB the process has grown after a million declined offers. */
export async function declineGrowth({ checkout }) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const decline = await decliner(checkout);
  decline(100_000);
  collect();
  const before = process.memoryUsage.rss();
  decline(1_000_000);
  collect();
  return (process.memoryUsage.rss() - before) / 2 ** 20;
}

/** A service that wants nothing, and how it is sent offers. */
async function decliner(checkout) {
  const { decodeEvent, encodeCall, encodeEvent } = await partOf(checkout, 'mesos/codec.js');
  const { cluster } = await deployed(checkout, 1, 1);
  const { machine } = cluster;
  await cluster.run(({ session }) => session.suppressed && !machine.isCommitting());
  const { subscription } = machine.state.session;
  const media = 'application/x-protobuf';
  const batch = 100;
  const bytesOf = (first) =>
    encodeEvent(
      { type: 'OFFERS', offers: { offers: Array.from({ length: batch }, (_, at) => offerOf(first + at)) } },
      media,
    );
  // Made beforehand: what an agent has to do to offer is not measured. The ids come again, as nobody remembers them.
  const rounds = Array.from({ length: 20 }, (_, round) => bytesOf(round * batch));
  return (offers) => {
    for (let sent = 0, declined = 0; sent < offers; sent += batch) {
      const event = decodeEvent(rounds[(sent / batch) % rounds.length], media);
      const input = { kind: 'connection', subscription, event: { kind: 'event', event } };
      for (const output of machine.take(input, cluster.now())) {
        if (output.kind !== 'send' || output.call.type !== 'DECLINE') continue;
        encodeCall(output.call, media);
        declined += output.call.decline.offer_ids.length;
      }
      if (declined !== sent + batch) throw new Error(`${declined} of ${sent + batch} offers were declined`);
    }
  };
}

function offerOf(number) {
  const allocation_info = { role: 'bench-role' };
  return {
    id: { value: `offer-${number}` },
    framework_id: { value: 'framework' },
    agent_id: { value: `agent-${number % 100}` },
    hostname: `host-${number % 100}`,
    allocation_info,
    resources: AGENT.map((resource) => ({ ...resource, allocation_info })),
  };
}

async function parsed(checkout, text) {
  const { parseService } = await partOf(checkout, 'spec/spec.js');
  const result = parseService({ file: 'svc.yml', text }, {});
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

function partOf(checkout, path) {
  return import(pathToFileURL(join(checkout, 'dist', path)).href);
}
