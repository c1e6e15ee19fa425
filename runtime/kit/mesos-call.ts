/**
 * What a scheduler and a master say to each other: calls with their offer operations, and events. Promises the fields of Mesos' own
 * messages under their own names, as `mesos.ts` has those of what is spoken of.
 */
import type {
  DomainInfo,
  ExecutorInfo,
  Id,
  KillPolicy,
  Labels,
  Offer,
  OperationStatus,
  Resource,
  TaskInfo,
  TaskStatus,
} from './mesos.ts';

export type OfferOperation =
  | { type: 'RESERVE'; id?: Id; reserve: { resources: Resource[] } }
  | { type: 'UNRESERVE'; id?: Id; unreserve: { resources: Resource[] } }
  | { type: 'CREATE'; id?: Id; create: { volumes: Resource[] } }
  | { type: 'DESTROY'; id?: Id; destroy: { volumes: Resource[] } }
  | { type: 'LAUNCH'; id?: Id; launch: { task_infos: TaskInfo[] } }
  | { type: 'LAUNCH_GROUP'; id?: Id; launch_group: { executor: ExecutorInfo; task_group: { tasks: TaskInfo[] } } };

export interface Filters {
  /** Seconds; Mesos' default is 5, a negative value means the default. */
  refuse_seconds?: number;
}

export interface FrameworkInfo {
  user: string;
  name: string;
  id?: Id;
  failover_timeout?: number;
  checkpoint?: boolean;
  role?: string;
  roles?: string[];
  hostname?: string;
  principal?: string;
  webui_url?: string;
  capabilities?: { type?: string }[];
  labels?: Labels;
}

/** `mesos.v1.scheduler.Call`. Each type carries the field of its own name. */
export type Call = { framework_id?: Id } & (
  | { type: 'SUBSCRIBE'; subscribe: { framework_info: FrameworkInfo; suppressed_roles?: string[] } }
  | { type: 'TEARDOWN' }
  | { type: 'ACCEPT'; accept: { offer_ids: Id[]; operations?: OfferOperation[]; filters?: Filters } }
  | { type: 'DECLINE'; decline: { offer_ids: Id[]; filters?: Filters } }
  | { type: 'REVIVE'; revive?: { roles?: string[] } }
  | { type: 'SUPPRESS'; suppress?: { roles?: string[] } }
  | { type: 'KILL'; kill: { task_id: Id; agent_id?: Id; kill_policy?: KillPolicy } }
  | { type: 'ACKNOWLEDGE'; acknowledge: { agent_id: Id; task_id: Id; uuid: string } }
  | {
      type: 'ACKNOWLEDGE_OPERATION_STATUS';
      acknowledge_operation_status: { agent_id?: Id; uuid: string; operation_id: Id };
    }
  | { type: 'RECONCILE'; reconcile: { tasks?: { task_id: Id; agent_id?: Id }[] } }
  | { type: 'RECONCILE_OPERATIONS'; reconcile_operations: { operations?: { operation_id: Id; agent_id?: Id }[] } }
);

export type CallType = Call['type'];

export interface MasterInfo {
  id: string;
  ip: number;
  port: number;
  pid?: string;
  hostname?: string;
  version?: string;
  address?: { hostname?: string; ip?: string; port: number };
  domain?: DomainInfo;
  capabilities?: { type?: string }[];
}

/** `mesos.v1.scheduler.Event`. A type we do not know arrives as UNKNOWN and is ignored. */
export type MesosEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: { framework_id: Id; heartbeat_interval_seconds?: number; master_info?: MasterInfo };
    }
  | { type: 'OFFERS'; offers: { offers?: Offer[] } }
  | { type: 'RESCIND'; rescind: { offer_id: Id } }
  | { type: 'UPDATE'; update: { status: TaskStatus } }
  | { type: 'UPDATE_OPERATION_STATUS'; update_operation_status: { status: OperationStatus } }
  | { type: 'FAILURE'; failure: { agent_id?: Id; executor_id?: Id; status?: number } }
  | { type: 'ERROR'; error: { message: string } }
  | { type: 'MESSAGE'; message: unknown }
  | { type: 'HEARTBEAT' }
  | { type: 'INVERSE_OFFERS' | 'RESCIND_INVERSE_OFFER' | 'UNKNOWN' };
