/**
 * What the scheduler knows. `Service` is durable: it is rebuilt from the store at start and changes only together with a write.
 * `Session` dies with the process and may be lost at any moment without harm.
 */
import type { DomainInfo, Offer, TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { ServiceSpec } from '../spec/service.ts';
import type { Reason } from './offer/match.ts';

export interface State {
  readonly settings: Settings;
  frameworkId?: string;
  /** By service name. One frame and one transaction serve them all. */
  readonly services: Map<string, Service>;
  readonly session: Session;
}

/** What the process was told at start and never changes. */
export interface Settings {
  /** Reserved once per pod instance for the Mesos executor: thousandths of a cpu, MB, MB. */
  readonly executor: { cpus: number; memoryMb: number; diskMb: number };
  /** The scheduler's API port and name, handed to tasks as SCHEDULER_API_PORT and SCHEDULER_API_HOSTNAME. */
  readonly apiPort: number;
  readonly marathonName: string;
  readonly serviceTld: string;
  readonly vipTld: string;
  /** The executor label DCOS_SPACE. */
  readonly space: string;
}

export interface Service {
  readonly name: string;
  targetId: string;
  /** The target and whatever a task still refers to, by id. */
  readonly configs: Map<string, ServiceSpec>;
  /** Why the newest svc.yml was refused; the old target runs on. Shown on the deploy plan. */
  errors: readonly string[];
  /** By task name. */
  readonly tasks: Map<string, TaskRecord>;
  /** Operations asked of Mesos whose outcome is not known yet, by operation id. */
  readonly operations: Map<string, OperationRecord>;
  /** Reservations that no task needs any more and that Mesos may still hold, by resource id. */
  readonly abandoned: Map<string, Abandoned>;
  readonly properties: Map<string, string>;
}

export interface TaskRecord {
  /** As launched last, with its executor embedded; an empty task id means reserved for but never launched. */
  info: TaskInfo;
  status?: TaskStatus;
  progress: Progress;
}

/** What we remember of a task beyond upstream's nodes. */
export interface Progress {
  /** The configuration under which the task last reached its goal: what makes its deploy step COMPLETE for good. */
  reached?: string;
  /** The task id that an operator asked to end; void once another id is launched. */
  kill?: string;
  /** Set when recovery relaunches the task, gone when it reaches its goal again. */
  recovering?: RecoveryType;
}

export type RecoveryType = 'TRANSIENT' | 'PERMANENT';

export interface OperationRecord {
  type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY';
  agentId: string;
  /** The pod instance that cannot be placed again before the outcome is known; absent for clean-up. */
  pod?: string;
  /** RESERVE, CREATE: ids that exist only if this succeeds. UNRESERVE, DESTROY: ids that are gone once it succeeded. */
  resourceIds: string[];
}

export interface Abandoned {
  agentId: string;
}

export interface Session {
  /** The number of the live subscription; 0 while there is none. */
  subscription: number;
  masterDomain?: DomainInfo;
  readonly offers: Map<string, HeldOffer>;
  /** Ids of tasks that Mesos has not told us about since it subscribed us: their pods are left alone. */
  readonly unconfirmed: Set<string>;
  /** Same for operations. */
  readonly unconfirmedOperations: Set<string>;
  reconcile: { nextAt: number; delay: number };
  implicitReconcileAt: number;
  /** When KILL was last sent, by task id. */
  readonly killSent: Map<string, number>;
  /** Live tasks that no record explains, with their agents: they are killed. */
  readonly strays: Map<string, string | undefined>;
  suppressed: boolean;
  /** Just subscribed: Mesos allocates for that by itself, as for a REVIVE. */
  fresh: boolean;
  lastReviveAt: number;
  /** The work that the last REVIVE was for. */
  readonly revivedFor: Set<string>;
  /** Why a step that looks for a place has none, by step name. A pending step that is listed here is PREPARED. */
  readonly explanations: Map<string, readonly Reason[]>;
  /** Recoveries that ended in this process, by pod instance, to show what was done. */
  readonly recovered: Map<string, { tasks: readonly string[]; type: RecoveryType }>;
}

export interface HeldOffer {
  readonly offer: Offer;
  readonly arrivedAt: number;
}

export function newSession(): Session {
  return {
    subscription: 0,
    offers: new Map(),
    unconfirmed: new Set(),
    unconfirmedOperations: new Set(),
    reconcile: { nextAt: Number.POSITIVE_INFINITY, delay: 0 },
    implicitReconcileAt: Number.POSITIVE_INFINITY,
    killSent: new Map(),
    strays: new Map(),
    suppressed: false,
    fresh: false,
    lastReviveAt: Number.NEGATIVE_INFINITY,
    revivedFor: new Set(),
    explanations: new Map(),
    recovered: new Map(),
  };
}

/** The configuration that the service shall run. */
export function targetOf(service: Service): ServiceSpec {
  const spec = service.configs.get(service.targetId);
  if (!spec) throw new Error(`invariant broken: target ${service.targetId} of ${service.name} is not loaded`);
  return spec;
}

/** What tasks and reservations look like when nobody configured anything (scheduler-behaviour 1.9). */
export const defaultSettings: Settings = {
  executor: { cpus: 100, memoryMb: 32, diskMb: 256 },
  apiPort: 8080,
  marathonName: 'marathon',
  serviceTld: 'autoip.dcos.thisdcos.directory',
  vipTld: 'l4lb.thisdcos.directory',
  space: '/',
};
