/**
 * The Mesos v1 vocabulary as plain data: the messages of the scheduler API in their JSON form (snake_case names, enums as
 * strings, ids as `{value}`, bytes as base64 text). It promises types only; the wire lives in `mesos/`, decisions elsewhere.
 *
 * One form serves JSON, protobuf (`mesos/codec.ts` converts), the store and the tests: an object here equals the object in a
 * recorded trace. Fields we never read or write are left out; a codec must tolerate them.
 */

/** Every id of Mesos: framework, agent, offer, task, executor, operation, container. */
export interface Id {
  value: string;
}

export interface Label {
  key: string;
  value?: string;
}

export interface Labels {
  labels?: Label[];
}

export interface Range {
  begin: number;
  end: number;
}

export type ValueType = 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';

/** A reservation of a refined stack; the last one of `Resource.reservations` names the current role. */
export interface ReservationInfo {
  type?: 'UNKNOWN' | 'STATIC' | 'DYNAMIC';
  role?: string;
  principal?: string;
  labels?: Labels;
}

export interface DiskSource {
  type: 'UNKNOWN' | 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';
  path?: { root?: string };
  mount?: { root?: string };
  vendor?: string;
  id?: string;
  metadata?: Labels;
  profile?: string;
}

/** A secret by its path in the cluster's secret store, or by its base64 content. */
export interface Secret {
  type?: 'UNKNOWN' | 'REFERENCE' | 'VALUE';
  reference?: { name: string; key?: string };
  value?: { data: string };
}

export interface Parameters {
  parameter?: { key: string; value: string }[];
}

/** What is mounted; the field of its type is set. `PARENT` is the sandbox of the executor. */
export interface VolumeSource {
  type?: 'UNKNOWN' | 'DOCKER_VOLUME' | 'HOST_PATH' | 'SANDBOX_PATH' | 'SECRET' | 'CSI_VOLUME';
  docker_volume?: { driver?: string; name: string; driver_options?: Parameters };
  sandbox_path?: { type?: 'UNKNOWN' | 'SELF' | 'PARENT'; path: string };
  secret?: Secret;
  host_path?: { path: string };
}

export interface Volume {
  mode?: 'RW' | 'RO';
  /** Relative to the sandbox, or absolute where the agent's isolators allow it. */
  container_path: string;
  host_path?: string;
  image?: Image;
  source?: VolumeSource;
}

export interface DiskInfo {
  persistence?: { id: string; principal?: string };
  volume?: Volume;
  source?: DiskSource;
}

/** Scalars are doubles on the wire and are compared by Mesos at three decimals; memory and disk are MB. */
export interface Resource {
  provider_id?: Id;
  name: string;
  type: ValueType;
  scalar?: { value: number };
  ranges?: { range?: Range[] };
  set?: { item?: string[] };
  role?: string;
  allocation_info?: { role?: string };
  reservation?: ReservationInfo;
  reservations?: ReservationInfo[];
  disk?: DiskInfo;
  revocable?: Record<string, never>;
  shared?: Record<string, never>;
}

export interface Attribute {
  name: string;
  type: ValueType;
  scalar?: { value: number };
  ranges?: { range?: Range[] };
  set?: { item?: string[] };
  text?: { value: string };
}

export interface DomainInfo {
  fault_domain?: { region: { name: string }; zone: { name: string } };
}

export interface Offer {
  id: Id;
  framework_id: Id;
  agent_id: Id;
  hostname: string;
  url?: { scheme: string; address: { hostname?: string; ip?: string; port: number }; path?: string };
  domain?: DomainInfo;
  resources?: Resource[];
  attributes?: Attribute[];
  executor_ids?: Id[];
  allocation_info?: { role?: string };
  unavailability?: unknown;
}

export interface EnvironmentVariable {
  name: string;
  type?: 'UNKNOWN' | 'VALUE' | 'SECRET';
  value?: string;
  /** Of type SECRET, instead of a value. */
  secret?: Secret;
}

export interface Environment {
  variables?: EnvironmentVariable[];
}

/** What the agent fetches into the sandbox. Mesos extracts archives unless told otherwise. */
export interface Uri {
  value: string;
  executable?: boolean;
  extract?: boolean;
  cache?: boolean;
  output_file?: string;
}

export interface CommandInfo {
  uris?: Uri[];
  environment?: Environment;
  shell?: boolean;
  value?: string;
  arguments?: string[];
  user?: string;
}

export interface Image {
  type?: 'APPC' | 'DOCKER';
  docker?: { name: string; config?: Secret };
  cached?: boolean;
}

/** A network to join, or (in a status) one that was joined. */
export interface NetworkInfo {
  name?: string;
  groups?: string[];
  labels?: Labels;
  ip_addresses?: { protocol?: string; ip_address?: string }[];
  port_mappings?: { host_port: number; container_port: number; protocol?: string }[];
}

export interface LinuxInfo {
  share_pid_namespace?: boolean;
  seccomp?: { profile_name?: string; unconfined?: boolean };
  ipc_mode?: 'UNKNOWN' | 'PRIVATE' | 'SHARE_PARENT';
  /** Of /dev/shm, in MB. */
  shm_size?: number;
  share_cgroups?: boolean;
}

/** `RLMT_NOFILE`; an entry without soft and hard is unlimited. */
export interface RLimit {
  type?: string;
  soft?: number;
  hard?: number;
}

export interface ContainerInfo {
  type?: 'DOCKER' | 'MESOS';
  volumes?: Volume[];
  hostname?: string;
  mesos?: { image?: Image };
  /** Of an executor only: its tasks share its network. */
  network_infos?: NetworkInfo[];
  linux_info?: LinuxInfo;
  rlimit_info?: { rlimits?: RLimit[] };
  tty_info?: { window_size?: { rows: number; columns: number } };
}

export interface HealthCheck {
  type?: 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';
  command?: CommandInfo;
  http?: { protocol?: string; scheme?: string; port: number; path?: string; statuses?: number[] };
  tcp?: { protocol?: string; port: number };
  delay_seconds?: number;
  interval_seconds?: number;
  timeout_seconds?: number;
  consecutive_failures?: number;
  grace_period_seconds?: number;
}

export interface CheckInfo {
  type?: 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';
  command?: { command: CommandInfo };
  http?: { port: number; path?: string };
  tcp?: { port: number };
  delay_seconds?: number;
  interval_seconds?: number;
  timeout_seconds?: number;
}

export interface KillPolicy {
  grace_period?: { nanoseconds: number };
}

export interface Port {
  number: number;
  name?: string;
  protocol?: string;
  visibility?: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
  labels?: Labels;
}

export interface DiscoveryInfo {
  visibility: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
  name?: string;
  environment?: string;
  location?: string;
  version?: string;
  ports?: { ports?: Port[] };
  labels?: Labels;
}

export interface ExecutorInfo {
  type?: 'UNKNOWN' | 'DEFAULT' | 'CUSTOM';
  executor_id: Id;
  framework_id?: Id;
  command?: CommandInfo;
  container?: ContainerInfo;
  resources?: Resource[];
  name?: string;
  discovery?: DiscoveryInfo;
  labels?: Labels;
}

export interface TaskInfo {
  name: string;
  task_id: Id;
  agent_id: Id;
  resources?: Resource[];
  /** Never sent in a LAUNCH_GROUP (the group names the executor); kept in the stored copy. */
  executor?: ExecutorInfo;
  command?: CommandInfo;
  container?: ContainerInfo;
  health_check?: HealthCheck;
  check?: CheckInfo;
  kill_policy?: KillPolicy;
  data?: string;
  labels?: Labels;
  discovery?: DiscoveryInfo;
  max_completion_time?: { nanoseconds: number };
  /** Of `cpus` and `mem`; Infinity is no limit at all. */
  limits?: Record<string, { value: number }>;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';

export interface CheckStatusInfo {
  type?: 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';
  /** Empty until the first result, and again after a check that timed out (trace 06). */
  command?: { exit_code?: number };
  http?: { status_code?: number };
  tcp?: { succeeded?: boolean };
}

export interface ContainerStatus {
  container_id?: { value: string; parent?: { value: string } };
  network_infos?: NetworkInfo[];
  executor_pid?: number;
}

export interface TaskStatus {
  task_id: Id;
  state: TaskState;
  message?: string;
  source?: 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';
  /** A name of `TaskStatus.Reason`, e.g. `REASON_RECONCILIATION`. */
  reason?: string;
  data?: string;
  agent_id?: Id;
  executor_id?: Id;
  /** Seconds since the epoch. */
  timestamp?: number;
  /** Base64. Present: comes from an agent and is repeated until acknowledged. Absent: from the master, said once. */
  uuid?: string;
  healthy?: boolean;
  check_status?: CheckStatusInfo;
  labels?: Labels;
  container_status?: ContainerStatus;
  unreachable_time?: { nanoseconds: number };
  limitation?: unknown;
}

export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN';

export interface OperationStatus {
  operation_id?: Id;
  state: OperationState;
  message?: string;
  converted_resources?: Resource[];
  /** Present: from the agent, repeated until acknowledged (trace 19). The acknowledgement takes the bare base64 text. */
  uuid?: { value: string };
  agent_id?: Id;
  resource_provider_id?: Id;
}
