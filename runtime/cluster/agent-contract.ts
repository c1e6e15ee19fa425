/**
 * What an agent machine takes and gives: the master's messages and the fate of processes in; messages, checkpoints and things to
 * do on this machine out. Promises plain data: nothing here touches a process, a file or a clock.
 */
import type { NewId } from '../kit/clock.ts';
import type {
  Attribute,
  CommandInfo,
  DomainInfo,
  ExecutorInfo,
  OperationStatus,
  Resource,
  TaskInfo,
  TaskStatus,
} from '../kit/mesos.ts';
import type { FrameworkInfo } from '../kit/mesos-call.ts';
import type { AgentToMaster, MasterToAgent } from './message.ts';

export interface AgentConfig {
  hostname: string;
  ip: string;
  port: number;
  /** What the machine has, unreserved. */
  resources: Resource[];
  attributes: Attribute[];
  domain?: DomainInfo;
  /** Absolute; sandboxes and volumes live below it. */
  workDir: string;
  newId: NewId;
  /** The last checkpoint of this agent, when it lived before. Its processes are gone. */
  saved?: AgentSaved;
}

/** What an agent remembers over a power cut. */
export interface AgentSaved {
  agentId?: string;
  /** The machine's resources as reserved and made into volumes so far. */
  resources: Resource[];
  frameworks: FrameworkInfo[];
  /** Tasks that run, and ended ones with statuses not yet acknowledged. */
  tasks: SavedTask[];
  /** Operation statuses not yet acknowledged. */
  operations: { frameworkId: string; status: OperationStatus }[];
  /** Directories of executors that ended, oldest first: kept for their logs. */
  endedRuns: string[];
}

export interface SavedTask {
  frameworkId: string;
  info: TaskInfo;
  executor: ExecutorInfo;
  /** The directory of its executor's run. */
  directory: string;
  latest: TaskStatus;
  /** In order; the first one is being sent. */
  unacknowledged: TaskStatus[];
}

export type CheckKind = 'check' | 'health';

export type AgentInput =
  /** There is a master to register with: at the beginning, and again when a new master took over. */
  | { kind: 'start' }
  | { kind: 'master'; message: MasterToAgent }
  | { kind: 'started'; container: string; pid: number }
  /** The container could not be prepared, so nothing ran in it. */
  | { kind: 'failed'; container: string; message: string }
  /** The process ended and its whole tree is gone. */
  | { kind: 'exited'; container: string; end: ProcessEnd }
  | ({ kind: 'checked'; container: string; check: CheckKind; run: number } & CheckResult)
  | { kind: 'tick' };

/** What a check found, in the field of its type; nothing when it timed out or could not run. */
export interface CheckResult {
  exitCode?: number;
  statusCode?: number;
  succeeded?: boolean;
}

/** The exit code, or the name of the signal (`SIGKILL`). */
export type ProcessEnd = { code: number } | { signal: string };

/** What runs in a container: a command in its directory with exactly this environment. */
export interface Execution {
  directory: string;
  command: CommandInfo;
  environment: Record<string, string>;
}

export type AgentOutput =
  /**
   * Always first: durable before anything after it is done. The whole state, made when it is asked for, as of a batch only the last
   * one counts.
   */
  | { kind: 'save'; saved: () => AgentSaved }
  | { kind: 'master'; message: AgentToMaster }
  /**
   * Makes the sandbox of the executor, if that is not done, and the task's own, with the volumes linked into them; fetches the
   * URIs and runs the command. `graceMs` is what a polite end would leave it.
   */
  | {
      kind: 'run';
      container: string;
      execution: Execution;
      volumes: VolumeLink[];
      executor: { directory: string; volumes: VolumeLink[] };
      graceMs: number;
    }
  /** To every process of the container's tree. */
  | { kind: 'signal'; container: string; signal: 'SIGTERM' | 'SIGKILL' }
  /** Beside the task; `timeoutMs` 0 means without limit. */
  | { kind: 'check'; container: string; check: CheckKind; run: number; probe: Probe; timeoutMs: number }
  | { kind: 'make-volume'; path: string }
  | { kind: 'remove-volume'; path: string }
  | { kind: 'remove-sandbox'; path: string };

/** What a check does. Mesos' default executor asks at 127.0.0.1, and trusts any certificate. */
export type Probe =
  | { kind: 'command'; execution: Execution }
  | { kind: 'http'; scheme: 'http' | 'https'; port: number; path: string }
  | { kind: 'tcp'; port: number };

/** A directory and where a container sees it, relative to its sandbox. */
export interface VolumeLink {
  containerPath: string;
  hostPath: string;
  /** Of the machine and not of the agent: it must be there, and is never made. */
  foreign?: true;
}
