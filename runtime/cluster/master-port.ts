/**
 * What crosses the border of the master machine: calls, agents' messages and time come in, answers, events and messages go
 * out. Promises plain data only; who opens sockets or writes files is the shell's business.
 */
import type { NewId } from '../kit/clock.ts';
import type { DomainInfo } from '../kit/mesos.ts';
import type { Call, MesosEvent } from '../kit/mesos-call.ts';
import type { AgentToMaster, MasterToAgent } from './message.ts';
import type { OperatorCall } from './operator-call.ts';

/** What must survive a restart of the master, as a real one keeps in its registry; counters keep given ids unique. */
export interface MasterRegistry {
  /** Agents ever admitted: until one is back, the master cannot say what runs there (trace 15). */
  agents: string[];
  /** Agents that an operator marked as gone: they are never admitted again. Absent from registries of older versions. */
  gone?: string[];
  /** Frameworks that ended for good, newest last: their ids stay dead. */
  removedFrameworks: string[];
  nextAgent: number;
  nextFramework: number;
}

export interface MasterConfig {
  /** Prefix of all ids it hands out. Default: a new one, as every start of a real master takes. */
  id?: string;
  host: string;
  port: number;
  /** Default 1000. Resources set free wait for the next multiple of it (trace 11). */
  allocationIntervalMs?: number;
  /** Default 15000. */
  heartbeatIntervalMs?: number;
  /** How long an agent may be away before it counts as unreachable. Default 75000. */
  agentTimeoutMs?: number;
  registry?: MasterRegistry;
  newId: NewId;
  domain?: DomainInfo;
}

export type MasterInput =
  /** A decoded call; `connection` is the shell's number of the HTTP request. SUBSCRIBE turns it into the event stream. */
  | { kind: 'call'; connection: number; streamId?: string; call: Call }
  /** A call of the operator API; it needs no subscription. */
  | { kind: 'operator'; connection: number; call: OperatorCall }
  /** The client closed its event stream. */
  | { kind: 'disconnected'; connection: number }
  /** `agent` is the shell's number of the link; a link carries one agent at a time. */
  | { kind: 'agent'; agent: number; message: AgentToMaster }
  | { kind: 'agent-lost'; agent: number }
  | { kind: 'tick' };

export type MasterOutput =
  /** `json` instead of a text. */
  | { kind: 'answer'; connection: number; status: number; body?: string; json?: unknown; streamId?: string }
  | { kind: 'event'; connection: number; event: MesosEvent }
  | { kind: 'close'; connection: number }
  | { kind: 'agent'; agent: number; message: MasterToAgent }
  /** To be durable before any later output of the same list goes out. */
  | { kind: 'save'; registry: MasterRegistry };
