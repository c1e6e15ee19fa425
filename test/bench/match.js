/**
 * The matcher by itself: one frame's offers and one frame's pending pods, again and again in this process. Promises that each round
 * starts from offers that were never looked at, as those of a new frame are.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROUNDS = 300;
/** Until the engine has optimised what is hot. */
const WARM_UP = 100;

/** Milliseconds of each round in which so many pods find a place among so many agents. */
export async function matchRounds({ checkout }, agents, pods) {
  const part = (path) => import(pathToFileURL(join(checkout, 'dist/core', path)).href);
  const [{ match }, { marketOf }, { placed, placementView }, { boot }, { defaultSettings }] = await Promise.all(
    ['offer/match.js', 'offer/market.js', 'offer/placement-view.js', 'boot.js', 'state.js'].map(part),
  );
  // Drawing ids is not matching, and must not be dearer than with a real source of them.
  let ids = 1e11;
  const newId = () => `00000000-0000-4000-8000-${ids++}`;
  const spec = serviceOf(pods);
  const [pod] = spec.pods;
  const tasks = pod.tasks.map((task) => task.name);
  const times = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const offers = Array.from({ length: agents }, (_, index) => offerOf(index));
    const booted = boot({}, { ok: true, spec }, defaultSettings, 0, newId);
    if (!booted.ok) throw new Error(booted.errors.join('\n'));
    const [service] = booted.state.services.values();
    const startedAt = performance.now();
    const market = marketOf(offers, new Set([spec.role]), 'framework');
    const placement = placementView(service);
    const context = { settings: defaultSettings, frameworkId: 'framework', service, placement, newId };
    for (let index = 0; index < pods; index++) {
      const requirement = { pod, index, tasks, spec, configId: service.targetId };
      const found = match(requirement, market, context);
      if (!found.ok) throw new Error(`no place for ${index}: ${JSON.stringify(found.reasons[0])}`);
      for (const [name, info] of found.placement.infos) service.tasks.set(name, { info, progress: {} });
      placed(placement, pod.type, index, found.placement.pool.offer);
    }
    if (round >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return times;
}

export function mean(times) {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

export function p99(times) {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1];
}

/** Two volumes a pod, and one instance a host. */
function serviceOf(count) {
  const volumes = ['data', 'log'].map((containerPath) => ({ type: 'ROOT', containerPath, sizeMb: 100 }));
  const resourceSet = { id: 'server', cpus: 500, gpus: 0, memoryMb: 128, ports: [], volumes, limits: {} };
  const task = {
    name: 'server',
    goal: 'RUNNING',
    essential: true,
    resourceSet,
    command: './server',
    environment: {},
    configs: [],
    transportEncryption: [],
    labels: {},
    killGracePeriodSeconds: 5,
  };
  const pod = {
    type: 'data',
    user: 'root',
    count,
    allowDecommission: false,
    placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 },
    networks: [],
    rlimits: [],
    secrets: [],
    uris: [],
    volumes: [],
    hostVolumes: [],
    externalVolumes: [],
    sharePidNamespace: false,
    tasks: [task],
  };
  const who = { name: 'shop', role: 'shop-role', principal: 'shop-principal', user: 'root' };
  return { ...who, zookeeper: 'master.mesos:2181', pods: [pod] };
}

function offerOf(index) {
  const allocation_info = { role: 'shop-role' };
  const scalars = Object.entries({ cpus: 8, mem: 16_384, disk: 100_000 }).map(([name, value]) => ({
    name,
    type: 'SCALAR',
    scalar: { value },
    allocation_info,
  }));
  return {
    id: { value: `offer-${index}` },
    framework_id: { value: 'framework' },
    agent_id: { value: `agent-${index}` },
    hostname: `host-${index}`,
    allocation_info,
    resources: [
      ...scalars,
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1025, end: 32_000 }] }, allocation_info },
    ],
  };
}
