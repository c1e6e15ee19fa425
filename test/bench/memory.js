/**
 * A cluster in memory around the scheduler's own loop: the product's master, agents and store, no sockets, no processes and no
 * waiting. Promises that what is measured is the product's work alone; time is virtual and jumps to whatever is due next.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Imports what a case needs from a checkout's build. */
async function productOf(checkout) {
  const part = (path) => import(pathToFileURL(join(checkout, 'dist', path)).href);
  const [master, agent, machine, boot, layout, memory, state] = await Promise.all(
    [
      'cluster/master.js',
      'cluster/agent.js',
      'loop/machine.js',
      'core/boot.js',
      'store/layout.js',
      'store/memory.js',
      'core/state.js',
    ].map(part),
  );
  return { ...master, ...agent, ...machine, ...boot, ...layout, ...memory, ...state };
}

/**
 * Starts `spec` on so many agents. `run(done)` plays until `done(state)` holds and returns the milliseconds of real time that took;
 * throws when nothing is left to happen before that. `store` is a tree, if not one in memory.
 */
export async function memoryCluster(checkout, { spec, plans = [], agents, resources, store }) {
  const product = await productOf(checkout);
  let now = 1_000_000;
  let ids = 0;
  const newId = () => `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`;
  /** What happens next, in order. */
  let queue = [];
  const soon = (run) => queue.push(run);

  const master = product.createMaster({ id: 'bench', host: '127.0.0.1', port: 5050, newId });
  const tree = store ?? product.openMemoryTree();
  const booted = product.boot(
    await product.load(tree, spec.name),
    { ok: true, spec, plans },
    product.defaultSettings,
    now,
    newId,
  );
  if (!booted.ok) throw new Error(booted.errors.join('\n'));
  await tree.commit(product.nodeWrites(booted.writes));
  const machine = product.createMachine({ state: booted.state, newId, random: () => 0.5 }, now);

  const tally = { commits: 0, statuses: 0, longestTurnMs: 0 };
  const connection = { subscription: 0, streamId: undefined };
  const tellScheduler = (event) => {
    const { subscription } = connection;
    soon(() => actScheduler(machine.take({ kind: 'connection', subscription, event }, now)));
  };

  function actScheduler(outputs) {
    for (const output of outputs) {
      switch (output.kind) {
        case 'connect':
          connection.subscription = output.subscription;
          soon(() => tellMaster({ kind: 'call', connection: 1, call: output.call }));
          break;
        case 'send':
          soon(() => tellMaster({ kind: 'call', connection: -1, call: output.call, streamId: connection.streamId }));
          break;
        case 'commit':
          tally.commits++;
          // The rest of what has arrived is taken in before the commit is durable, as with a real store.
          return tree.commit(product.nodeWrites(output.writes)).then(() => {
            soon(() => actScheduler(machine.take({ kind: 'committed' }, now)));
          });
        case 'exit':
          throw new Error(output.message);
        default:
      }
    }
    return undefined;
  }

  function tellMaster(input) {
    for (const output of master.take(input, now)) {
      if (output.kind === 'answer' && output.connection === 1) {
        if (output.status !== 200) throw new Error(output.body);
        connection.streamId = output.streamId;
        tellScheduler({ kind: 'opened' });
      } else if (output.kind === 'answer' && output.status >= 400) throw new Error(output.body);
      else if (output.kind === 'event') {
        if (output.event.type === 'UPDATE') tally.statuses++;
        tellScheduler({ kind: 'event', event: output.event });
      } else if (output.kind === 'agent') {
        const host = hosts[output.agent - 1];
        soon(() => tellAgent(host, { kind: 'master', message: output.message }));
      }
    }
  }

  const hosts = Array.from({ length: agents }, (_, at) => ({
    link: at + 1,
    machine: product.createAgent({
      hostname: `agent-${at + 1}`,
      ip: '127.0.0.1',
      port: 5051 + at,
      resources,
      attributes: [],
      workDir: `/agent-${at + 1}`,
      newId,
    }),
  }));

  function tellAgent(host, input) {
    for (const output of host.machine.take(input, now)) {
      if (output.kind === 'master')
        soon(() => tellMaster({ kind: 'agent', agent: host.link, message: output.message }));
      if (output.kind === 'run') {
        const { container } = output;
        soon(() => tellAgent(host, { kind: 'started', container, pid: 1 }));
      }
    }
  }

  async function run(done) {
    const startedAt = performance.now();
    while (!done(machine.state)) {
      if (queue.length === 0) await jump();
      const batch = queue;
      queue = [];
      for (const act of batch) {
        const turnAt = performance.now();
        const commit = act();
        tally.longestTurnMs = Math.max(tally.longestTurnMs, performance.now() - turnAt);
        if (commit) await commit;
      }
    }
    return performance.now() - startedAt;
  }

  /** Nothing happens by itself any more: time passes until somebody has something to do. */
  async function jump() {
    const due = [
      machine.wakeAt(),
      master.wakeAt() ?? Infinity,
      ...hosts.map((host) => host.machine.wakeAt() ?? Infinity),
    ];
    const next = due.reduce((a, b) => Math.min(a, b), Infinity);
    if (!Number.isFinite(next)) throw new Error('nothing is left to happen');
    now = Math.max(now, next);
    if (machine.wakeAt() <= now) soon(() => actScheduler(machine.take({ kind: 'tick' }, now)));
    if ((master.wakeAt() ?? Infinity) <= now) soon(() => tellMaster({ kind: 'tick' }));
    for (const host of hosts)
      if ((host.machine.wakeAt() ?? Infinity) <= now) soon(() => tellAgent(host, { kind: 'tick' }));
  }

  for (const host of hosts) soon(() => tellAgent(host, { kind: 'start' }));
  while (queue.length > 0) {
    const batch = queue;
    queue = [];
    for (const act of batch) act();
  }
  return { machine, master, run, tally, now: () => now, service: () => machine.state.services.get(spec.name) };
}
