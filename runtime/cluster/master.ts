/**
 * A Mesos-compatible master as a machine: `(input, now) -> outputs`. Promises what a real master's scheduler API shows (checked
 * against recorded traces); it must never read a clock, open a socket, or touch a file.
 */
import { addUnreachable } from './bookkeeping.ts';
import { agentLost, markUnreachable } from './departure.ts';
import { dropEnded } from './filter.ts';
import { agentSays } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import type { MasterConfig, MasterInput, MasterOutput } from './master-port.ts';
import { slavesView, stateView } from './master-view.ts';
import { makeOffers } from './offering.ts';
import { onOperatorCall } from './operator-call.ts';
import { onCall } from './scheduler-call.ts';
import { disconnected, failoverDeadline, removeFramework } from './subscription.ts';
import { type Settings, type Turn, tell } from './turn.ts';

export type { MasterConfig, MasterInput, MasterOutput, MasterRegistry } from './master-port.ts';

export interface Master {
  /** Takes one input at `now` (milliseconds since the epoch, never going back) and says what follows, in order. */
  take(input: MasterInput, now: number): MasterOutput[];
  /** When time alone will next change something: a tick is due then. Undefined before the first input. */
  wakeAt(): number | undefined;
  /** `GET /state`, in Mesos' shape. */
  state(now: number): Record<string, unknown>;
  /** `GET /slaves`, in Mesos' shape. */
  slaves(now: number): Record<string, unknown>;
}

/** How long agents of the registry may take to come back after a restart of the master: Mesos' default. */
const RECOVERY_MS = 10 * 60_000;

export function createMaster(config: MasterConfig): Master {
  const settings: Settings = {
    allocationIntervalMs: 1000,
    heartbeatIntervalMs: 15_000,
    agentTimeoutMs: 75_000,
    ...config,
  };
  const ledger = newLedger(config);
  let startedAt: number | undefined;
  let nextBatch = 0;

  /** What time alone causes, up to now. */
  function elapse(turn: Turn): void {
    const { now } = turn;
    for (const framework of [...ledger.frameworks.values()]) {
      const { stream } = framework;
      if (stream && stream.nextHeartbeat <= now) {
        tell(turn, framework, { type: 'HEARTBEAT' });
        while (stream.nextHeartbeat <= now) stream.nextHeartbeat += settings.heartbeatIntervalMs;
      }
      const deadline = failoverDeadline(framework);
      if (deadline !== undefined && deadline <= now) removeFramework(turn, framework);
    }
    for (const agent of ledger.away) {
      if (agent.lostAt! + settings.agentTimeoutMs <= now) markUnreachable(turn, agent);
    }
    if (ledger.recovering.size > 0 && startedAt! + RECOVERY_MS <= now) {
      for (const id of ledger.recovering) addUnreachable(ledger, id, now);
      ledger.recovering.clear();
    }
    if (nextBatch <= now) {
      for (const framework of ledger.frameworks.values()) {
        for (const agentId of dropEnded(framework.filters, now)) ledger.stirred.add(agentId);
      }
      const agents = [...ledger.stirred].flatMap((id) => ledger.agents.get(id) ?? []);
      ledger.stirred.clear();
      makeOffers(turn, agents);
      nextBatch += settings.allocationIntervalMs * (Math.floor((now - nextBatch) / settings.allocationIntervalMs) + 1);
    }
  }

  /** The first batch at this time or later. */
  function batchFrom(time: number): number {
    const { allocationIntervalMs } = settings;
    return nextBatch + allocationIntervalMs * Math.max(0, Math.ceil((time - nextBatch) / allocationIntervalMs));
  }

  function take(input: MasterInput, now: number): MasterOutput[] {
    const outputs: MasterOutput[] = [];
    const turn: Turn = { ledger, settings, now, say: (output) => outputs.push(output) };
    if (startedAt === undefined) {
      startedAt = now;
      nextBatch = now + settings.allocationIntervalMs;
    }
    elapse(turn);
    switch (input.kind) {
      case 'call':
        onCall(turn, input);
        break;
      case 'operator':
        onOperatorCall(turn, input);
        break;
      case 'disconnected':
        disconnected(turn, input.connection);
        break;
      case 'agent':
        agentSays(turn, input.agent, input.message);
        break;
      case 'agent-lost':
        agentLost(turn, input.agent);
        break;
      case 'tick':
        break;
    }
    return outputs;
  }

  function wakeAt(): number | undefined {
    if (startedAt === undefined) return undefined;
    const times: number[] = ledger.stirred.size > 0 ? [nextBatch] : [];
    for (const framework of ledger.frameworks.values()) {
      if (framework.stream) times.push(framework.stream.nextHeartbeat);
      const deadline = failoverDeadline(framework);
      if (deadline !== undefined) times.push(deadline);
      const { earliest } = framework.filters;
      if (Number.isFinite(earliest)) times.push(batchFrom(earliest));
    }
    for (const agent of ledger.away) times.push(agent.lostAt! + settings.agentTimeoutMs);
    if (ledger.recovering.size > 0) times.push(startedAt + RECOVERY_MS);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  return {
    take,
    wakeAt,
    state: (now) => stateView(ledger, settings, startedAt ?? now),
    slaves: () => slavesView(ledger),
  };
}

function newLedger({ id, newId, registry }: MasterConfig): Ledger {
  return {
    masterId: id ?? newId(),
    agents: new Map(),
    links: new Map(),
    away: new Set(),
    stirred: new Set(),
    admitted: new Set(registry?.agents),
    recovering: new Set(registry?.agents),
    unreachable: new Map(),
    gone: new Set(registry?.gone),
    frameworks: new Map(),
    removedFrameworks: new Set(registry?.removedFrameworks),
    offers: new Map(),
    nextAgent: registry?.nextAgent ?? 0,
    nextFramework: registry?.nextFramework ?? 0,
    nextOffer: 0,
  };
}
