/**
 * A framework's coming and going: SUBSCRIBE, failover, disconnection, removal. Promises one stream a framework, and that a
 * removed id never subscribes again.
 */
import type { Call, FrameworkInfo, MasterInfo, MesosEvent } from '../kit/mesos-call.ts';
import { complete, stirAll } from './bookkeeping.ts';
import { noFilters } from './filter.ts';
import { frameworkMistake } from './framework-info.ts';
import { type Framework, forgetOldest, rolesOf } from './ledger.ts';
import { dropOffers, makeOffers, rescind } from './offering.ts';
import { order, save, type Turn, tell, tellStatus } from './turn.ts';

type Subscribe = Extract<Call, { type: 'SUBSCRIBE' }>['subscribe'];

/** Opens the stream; what cannot subscribe hears one ERROR on it (trace 17a). */
export function subscribe(turn: Turn, connection: number, call: Subscribe): void {
  const { ledger } = turn;
  const { framework_info: info, suppressed_roles: suppressed = [] } = call;
  const streamId = turn.settings.newId();
  turn.say({ kind: 'answer', connection, status: 200, streamId });
  const known = info.id && ledger.frameworks.get(info.id.value);
  const mistake = frameworkMistake(info, suppressed) ?? clashMistake(turn, info, known);
  if (mistake !== undefined) {
    turn.say({ kind: 'event', connection, event: error(mistake) });
    turn.say({ kind: 'close', connection });
    return;
  }
  const framework = known ?? admitFramework(turn, info);
  const failover = framework.stream !== undefined;
  if (known) update(turn, known, info);
  if (framework.stream) hangUp(turn, framework, error('Framework failed over'));
  dropOffers(turn, framework);
  framework.recovered = false;
  framework.filters = noFilters();
  framework.suppressed = new Set(suppressed);
  delete framework.disconnectedAt;
  framework.stream = { connection, id: streamId, nextHeartbeat: turn.now + turn.settings.heartbeatIntervalMs };
  tell(turn, framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: { value: framework.id },
      heartbeat_interval_seconds: turn.settings.heartbeatIntervalMs / 1000,
      master_info: masterInfo(turn),
    },
  });
  tell(turn, framework, { type: 'HEARTBEAT' });
  // After a failover from a live stream the offers wait for the next batch (traces 07, 13).
  if (failover) stirAll(ledger);
  else makeOffers(turn, [...ledger.agents.values()]);
  for (const task of framework.tasks.values()) {
    if (task.pending) tellStatus(turn, framework, task.pending);
  }
}

function clashMistake(turn: Turn, info: FrameworkInfo, known: Framework | undefined): string | undefined {
  if (info.id && turn.ledger.removedFrameworks.has(info.id.value)) return 'Framework has been removed';
  if (known && known.info.principal !== info.principal) return "Changing framework's principal is not allowed.";
  return undefined;
}

function admitFramework(turn: Turn, info: FrameworkInfo): Framework {
  const { ledger } = turn;
  // An id that this master never saw is accepted (trace 13).
  const id = info.id?.value || `${ledger.masterId}-${String(ledger.nextFramework++).padStart(4, '0')}`;
  const framework = newFramework(id, info, turn.now);
  ledger.frameworks.set(id, framework);
  save(turn);
  return framework;
}

/** A framework as it first enters the ledger, without a stream. */
export function newFramework(id: string, info: FrameworkInfo, now: number): Framework {
  return {
    id,
    info: { ...info, id: { value: id } },
    registeredAt: now,
    recovered: true,
    suppressed: new Set(),
    filters: noFilters(),
    turns: 0,
    tasks: new Map(),
    completed: [],
  };
}

/** User and checkpoint never change (trace 13); offers to roles that are gone are rescinded on the old stream. */
function update(turn: Turn, framework: Framework, info: FrameworkInfo): void {
  const { user, checkpoint, id } = framework.info;
  framework.info = { ...info, user, ...(checkpoint !== undefined && { checkpoint }), ...(id && { id }) };
  const roles = rolesOf(framework.info);
  for (const offer of turn.ledger.offers.values()) {
    if (offer.frameworkId === framework.id && !roles.includes(offer.role)) rescind(turn, offer);
  }
}

function error(message: string): MesosEvent {
  return { type: 'ERROR', error: { message } };
}

function hangUp(turn: Turn, framework: Framework, last?: MesosEvent): void {
  if (!framework.stream) return;
  if (last) tell(turn, framework, last);
  turn.say({ kind: 'close', connection: framework.stream.connection });
  delete framework.stream;
}

/** The client is gone: its offers die at once, the framework itself after its failover timeout (traces 13, 16). */
export function disconnected(turn: Turn, connection: number): void {
  for (const framework of turn.ledger.frameworks.values()) {
    if (framework.stream?.connection !== connection) continue;
    delete framework.stream;
    framework.disconnectedAt = turn.now;
    dropOffers(turn, framework);
    if (failoverDeadline(framework)! <= turn.now) removeFramework(turn, framework);
  }
}

/** When a disconnected framework is given up, in milliseconds since the epoch; undefined while it is not disconnected. */
export function failoverDeadline(framework: Framework): number | undefined {
  if (framework.disconnectedAt === undefined) return undefined;
  return framework.disconnectedAt + Math.max(0, framework.info.failover_timeout ?? 0) * 1000;
}

/** Ends a framework for good: the stream closes without a word, tasks die, reservations and volumes stay (trace 16). */
export function removeFramework(turn: Turn, framework: Framework): void {
  const { ledger } = turn;
  hangUp(turn, framework);
  dropOffers(turn, framework);
  for (const task of framework.tasks.values()) complete(ledger, framework, task);
  for (const agent of ledger.agents.values()) {
    agent.executors = agent.executors.filter((executor) => executor.frameworkId !== framework.id);
    agent.operations = agent.operations.filter((operation) => operation.frameworkId !== framework.id);
    order(turn, agent, { kind: 'shutdown-framework', frameworkId: framework.id });
  }
  stirAll(ledger);
  ledger.frameworks.delete(framework.id);
  ledger.removedFrameworks.add(framework.id);
  forgetOldest(ledger.removedFrameworks);
  save(turn);
}

/** A dotted address as Mesos packs it into an integer: the first octet is the lowest byte (trace 01). */
function packed(ip: string): number {
  return ip.split('.').reduceRight((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Mesos' release that the traces were recorded with; some clients look at it. */
export const VERSION = '1.12.0';

function masterInfo({ ledger, settings }: Turn): MasterInfo {
  const { host, port, domain } = settings;
  return {
    id: ledger.masterId,
    ip: packed(host),
    port,
    pid: `master@${host}:${port}`,
    hostname: host,
    version: VERSION,
    address: { hostname: host, ip: host, port },
    ...(domain && { domain }),
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
  };
}
