/**
 * What the scheduler knows. `Service` is durable: it is rebuilt from the store at start and changes only together with a write.
 * `Session` dies with the process and may be lost at any moment without harm.
 */
import type { DomainInfo, Offer, TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { EndpointTexts, PlanSpecs, ServiceSpec } from '../spec/service.ts';
import { type Evaluations, noEvaluations } from './offer/evaluation.ts';
import type { Explanation } from './offer/explanation.ts';
import type { Standing } from './order.ts';
import type { PlanIntent } from './plan/intent.ts';

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
  /** How long a failed task waits for its next launch; absent: not at all. */
  readonly backoff?: Backoff;
  /** Where agents reach the API, to fetch what it serves for tasks: `http://10.0.0.1:8080`, without a slash at the end. */
  readonly artifactsUrl: string;
  /** Mesos shall offer agents of other regions than the masters' too. */
  readonly regionAware: boolean;
  /** The command of a paused task, and what is fetched for it in addition. */
  readonly pauseCommand: string;
  readonly bootstrapUri?: string;
  /** Every task has a /tmp of its own; agents need an isolator for that. */
  readonly taskTmpVolume: boolean;
  /** Values of secrets that the scheduler was started with: wherever they stand, they are not shown. */
  readonly secretTexts: readonly string[];
  /** Certificates can be had: there is a service account to ask for them with. */
  readonly hasServiceAccount: boolean;
  /** An uninstall gives up what agents hold that did not come back for so long. */
  readonly uninstallPatienceMs: number;
  /** The store may be read anew while the scheduler runs. */
  readonly stateCache: boolean;
  /** A frame stops deciding once its writes are so large. */
  readonly transactionBytes: number;
}

/**
 * The first failure waits `initialMs`, each further one `factor` times as long, `maxMs` at most. A task that ran for `maxMs` starts
 * from the beginning.
 */
export interface Backoff {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export interface Service {
  readonly name: string;
  targetId: string;
  /** The target and whatever a task still refers to, by id. */
  readonly configs: Map<string, ServiceSpec>;
  /** The plans of the newest accepted file; empty: the deploy plan follows from the pods. */
  plans: PlanSpecs;
  /** The texts that the newest accepted file publishes for clients. */
  endpoints: EndpointTexts;
  /** What operators want of the plans, by plan name. */
  readonly intents: Map<string, PlanIntent>;
  /** Why the newest svc.yml was refused; the old target runs on. Shown on the deploy plan. */
  errors: readonly string[];
  /** By task name. */
  readonly tasks: Map<string, TaskRecord>;
  /** Operations asked of Mesos whose outcome is not known yet, by operation id. */
  readonly operations: Map<string, OperationRecord>;
  /** Reservations that no task needs any more and that Mesos may still hold, by resource id. */
  readonly abandoned: Map<string, Abandoned>;
  readonly properties: Map<string, string>;
  /** `on`: everything is taken down, for good. `done`: nothing is left, and nothing is ever started again. */
  uninstall?: 'on' | 'done';
}

export interface TaskRecord {
  /** As launched last, with its executor embedded; an empty task id means reserved for but never launched. */
  info: TaskInfo;
  status?: TaskStatus;
  progress: Progress;
  /** What the task shall be instead of running as defined; absent: nothing else. */
  override?: Override;
}

/** Upstream's goal override: NONE is on its way back to normal. */
export interface Override {
  readonly goal: 'PAUSED' | 'DECOMMISSIONED' | 'NONE';
  /** PENDING: asked for. IN_PROGRESS: the old task is ended, or the new one launched. COMPLETE: it is so. */
  readonly status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETE';
}

/** What we remember of a task beyond upstream's nodes. */
export interface Progress {
  /** The configuration under which the task last reached its goal: what makes its deploy step COMPLETE for good. */
  reached?: string;
  /** The task id that an operator asked to end; void once another id is launched. */
  kill?: string;
  /** Set when recovery relaunches the task, gone when it reaches its goal again. */
  recovering?: RecoveryType;
  /** The task id that an operator's plan restart wants launched anew; void once another id is launched. */
  redo?: string;
  /** The run of an on-demand plan that launched it, and whether it reached its goal for that run. */
  run?: { id: string; done: boolean };
  /** When the replacement policy gave its pod up last. */
  givenUpAt?: number;
  /** Failures in a row, and when the next launch may be tried. */
  backoff?: { failures: number; until: number };
  /** Since when it is down, in milliseconds since the epoch. */
  downSince?: number;
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
  /** A REVIVE is wanted, but the last one was only just now. */
  reviveWaits: boolean;
  /** The work that the last REVIVE was for. */
  readonly revivedFor: Set<string>;
  /** Why a step that looks for a place has none, by `stepId`. A pending step that is listed here is PREPARED. */
  readonly explanations: Map<string, Explanation>;
  /** Steps that were refused, by `stepId`, and what they were refused for: the same is not asked twice of the same offers. */
  readonly refused: Map<string, string>;
  /** Counts what may let a refused step have a place: new offers, changed records. */
  landscape: number;
  readonly evaluations: Evaluations;
  /** Recoveries that ended in this process, by pod instance, to show what was done. */
  readonly recovered: Map<string, { tasks: readonly string[]; type: RecoveryType }>;
  /** A deployment had completed before this process began: an `update` plan takes the place of `deploy`. */
  updating: boolean;
  /** TEARDOWN was said; the end of the stream means that the framework is gone. */
  tearingDown: boolean;
  /** An uninstall gives up on what did not come back by then. */
  uninstallDeadline: number;
  /** What removals began with, by pod instance, to show what is done of them. */
  readonly removals: Map<string, Removal>;
  /** What steps wait for that is made elsewhere, by the order's id. */
  readonly orders: Map<string, Standing>;
}

/** A pod instance on its way out, as it was when this process first saw it. */
export interface Removal {
  /** Task spec names, with the ids of their last launches. */
  readonly tasks: readonly { readonly name: string; readonly id: string }[];
  readonly resourceIds: readonly string[];
  /** Of the agent that they are on. */
  readonly host?: string;
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
    reviveWaits: false,
    revivedFor: new Set(),
    explanations: new Map(),
    refused: new Map(),
    landscape: 0,
    evaluations: noEvaluations(),
    recovered: new Map(),
    updating: false,
    tearingDown: false,
    uninstallDeadline: Number.POSITIVE_INFINITY,
    removals: new Map(),
    orders: new Map(),
  };
}

export function emptyService(name: string): Service {
  return {
    name,
    targetId: '',
    configs: new Map(),
    plans: [],
    endpoints: {},
    intents: new Map(),
    errors: [],
    tasks: new Map(),
    operations: new Map(),
    abandoned: new Map(),
    properties: new Map(),
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
  backoff: { initialMs: 500, factor: 2, maxMs: 60_000 },
  artifactsUrl: 'http://127.0.0.1:8080',
  regionAware: true,
  // Files that cannot be rendered must not keep anybody from looking at what there is.
  pauseCommand:
    'echo This task is PAUSED, sleeping ...; [ ! -x ./bootstrap ] || ./bootstrap --resolve=false; while true; do sleep 3600; done',
  taskTmpVolume: false,
  secretTexts: [],
  hasServiceAccount: false,
  uninstallPatienceMs: 600_000,
  stateCache: true,
  transactionBytes: 512 * 1024,
};
