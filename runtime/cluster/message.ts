/**
 * What the embedded master and its agents say to each other, and what both say to their shells. Promises plain data: master and
 * agent are machines `(input, now) -> outputs`; sockets, files and processes are shells around them. (Real Mesos speaks its own
 * internal protocol here; only its effects on the scheduler API are checked, against recorded traces.)
 */
import type {
  Attribute,
  DomainInfo,
  ExecutorInfo,
  KillPolicy,
  OperationStatus,
  Resource,
  TaskInfo,
  TaskStatus,
} from '../kit/mesos.ts';
import type { FrameworkInfo, OfferOperation } from '../kit/mesos-call.ts';

/** What an agent declares about itself. `id` is given by the master at the first registration and then kept on disk. */
export interface AgentInfo {
  id?: string;
  hostname: string;
  ip: string;
  port: number;
  /** What the machine has, unreserved (or statically reserved): never changes while the agent lives. */
  resources: Resource[];
  attributes: Attribute[];
  domain?: DomainInfo;
}

/** A task as the agent knows it. `status` is its newest state, delivered or not. */
export interface AgentTask {
  frameworkId: string;
  info: TaskInfo;
  executor: ExecutorInfo;
  status: TaskStatus;
}

export type AgentToMaster =
  | {
      kind: 'register';
      agent: AgentInfo;
      /** The machine's resources as reserved and made into volumes so far: same total as `agent.resources`. */
      checkpointed: Resource[];
      tasks: AgentTask[];
      frameworks: FrameworkInfo[];
      /** Operations made durable whose status is not acknowledged: any other that the master awaits from here was lost (trace 23). */
      operations: { frameworkId: string; status: OperationStatus }[];
    }
  /**
   * One status of a task, in order, repeated after 10, 20, 40 ... s until acknowledged. `latest` is the newest state the agent
   * knows when it says this, which may be ahead of `status` (trace 07).
   */
  | { kind: 'status'; frameworkId: string; status: TaskStatus; latest: TaskStatus }
  | { kind: 'operation'; frameworkId: string; status: OperationStatus }
  /** `status` is the raw wait status: 0 normal, 9 SIGKILL, -1 never started (trace 03). */
  | { kind: 'executor-ended'; frameworkId: string; executorId: string; status: number };

export type MasterToAgent =
  | { kind: 'registered'; agentId: string; framework?: undefined }
  | { kind: 'launch'; framework: FrameworkInfo; executor: ExecutorInfo; tasks: TaskInfo[] }
  | { kind: 'kill'; frameworkId: string; taskId: string; killPolicy?: KillPolicy }
  | { kind: 'acknowledge'; frameworkId: string; taskId: string; uuid: string }
  /**
   * A checked RESERVE, UNRESERVE, CREATE or DESTROY; resources carry no allocation. The agent makes it durable, then answers
   * with `operation` when the operation has an id. Messages to one agent keep their order, so a later launch finds it done.
   */
  | { kind: 'apply'; frameworkId: string; operation: OfferOperation }
  | { kind: 'acknowledge-operation'; frameworkId: string; operationId: string; uuid: string }
  /** The framework is removed: end its executors, forget its statuses; reservations and volumes stay (trace 16). */
  | { kind: 'shutdown-framework'; frameworkId: string }
  /** The agent is marked as gone: end everything that runs, and tell nobody; it will not be taken back (trace 14). */
  | { kind: 'shutdown' };
