/** Mistakes between fields of a service, its pods and its tasks. Promises one row a mistake. */
import { meant, row } from './row.ts';

export const podMistakes = {
  LongServiceName: row(
    'SVC011',
    (length: string) => `the service name has ${length} characters without its slashes`,
    () => 'use at most 63: it is one label of a DNS name',
  ),
  LongTaskName: row(
    'SVC011',
    (name: string) => `the task name ${name} has more than 63 characters`,
    () => 'shorten the pod type or the task: the name is one label of a DNS name',
  ),
  PodReadsAsInstance: row(
    'SVC011',
    (type: string, other: string) => `pod type ${type} reads as an instance of pod ${other}`,
    () => 'rename one of them: task names would not be unique',
  ),
  NoResources: row(
    'SVC012',
    (path: string) => `${path} reserves nothing`,
    () => 'give it at least one of cpus, gpus, memory and ports (volumes alone do not count)',
  ),
  UnknownResourceSet: row(
    'SVC012',
    (name: string, pod: string, _near?: string) => `pod ${pod} has no resource set ${name}`,
    (_name, _pod, near) => meant(near) ?? 'declare it under resource-sets',
  ),
  IgnoredResources: row(
    'SVC012',
    (path: string, set: string) => `${path} is ignored: the task uses resource set ${set}`,
    () => 'remove one of the two',
  ),
  ResourceSetNameTaken: row(
    'SVC012',
    (name: string, task: string) => `resource set ${name} has the name of the private set of task ${task}`,
    () => 'rename it',
  ),
  BothVolumes: row(
    'SVC013',
    (path: string) => `${path} has both volume and volumes`,
    () => 'move the one into the other',
  ),
  DuplicateVolumePath: row(
    'SVC013',
    (path: string) => `two volumes have the path ${path}`,
    () => 'give each a path of its own',
  ),
  DuplicatePort: row(
    'SVC014',
    (port: string, pod: string) => `port ${port} is asked for twice in pod ${pod}`,
    () => 'use another number, or 0 for any free port',
  ),
  DuplicateAdvertisedPort: row(
    'SVC014',
    (name: string) => `two advertised ports are called ${name}`,
    () => 'rename one: the name is the name of the endpoint',
  ),
  ClashingVip: row(
    'SVC014',
    (prefix: string) => `the VIP ${prefix} has the name of another port`,
    () => 'choose another prefix: the two would be one name',
  ),
  BackwardRange: row(
    'SVC014',
    (begin: string, end: string) => `the range from ${begin} to ${end} holds no port`,
    () => 'write the smaller number first',
  ),
  IgnoredRanges: row(
    'SVC014',
    (port: string) => `ranges are ignored: the port is ${port}`,
    () => 'write port: 0, or remove the ranges',
  ),
  DuplicateVariable: row(
    'SVC017',
    (name: string, first: string) => `the variable ${name} is set by ${first} already`,
    () => 'give each a variable of its own',
  ),
  EmptyCommand: row(
    'SVC025',
    (path: string) => `${path} is empty: the task ends as soon as it is started`,
    () => 'write the command that the shell shall run',
  ),
  IgnoredVariable: row(
    'SVC017',
    (name: string) => `the variable ${name} is ignored: the scheduler sets it`,
    () => 'remove it, or choose another name',
  ),
  ProfilesOfRoot: row(
    'SVC013',
    () => 'a ROOT volume has no profiles',
    () => 'remove them, or write type: MOUNT',
  ),
  UnequalPorts: row(
    'SVC018',
    (path: string, host: string, container: string) =>
      `${path} maps ${host} host ports to ${container} container ports`,
    () => 'write as many of the one as of the other',
  ),
  NoPortMapping: row(
    'SVC018',
    (network: string) => `network ${network} maps no ports`,
    () => 'use mesos-bridge, or remove host-ports and container-ports: the instances have addresses of their own',
  ),
  BadPairs: row(
    'SVC018',
    (path: string, entry: string, _form: string) => `${path} cannot hold ${entry}`,
    (_path, _entry, form) => `write ${form}`,
  ),
  RepeatedKey: row(
    'SVC018',
    (path: string, key: string) => `${path} has ${key} twice`,
    () => 'remove one of the two',
  ),
  HalfLimit: row(
    'SVC019',
    (path: string, there: string, missing: string) => `${path} has ${there} but no ${missing}`,
    () => 'set both, or neither for no limit',
  ),
  UnequalLimits: row(
    'SVC019',
    (path: string) => `${path}: the soft limit is above the hard one`,
    () => 'raise hard or lower soft; -1 stands for no limit and needs both',
  ),
  SecretWithoutPlace: row(
    'SVC020',
    (path: string) => `the secret ${path} cannot be a file of that name`,
    () => 'say where it goes: env-key for a variable, file for a path in the sandbox',
  ),
  DuplicateFile: row(
    'SVC020',
    (path: string, first: string) => `the file ${path} is that of ${first} already`,
    () => 'give each a file of its own',
  ),
  NameAmongOptions: row(
    'SVC013',
    () => 'driver-options cannot hold name',
    () => 'write volume-name',
  ),
  BothSeccomp: row(
    'SVC021',
    () => 'seccomp-unconfined and seccomp-profile-name exclude each other',
    () => 'remove one of the two',
  ),
  SizeOfShared: row(
    'SVC021',
    () => "shm-size has no meaning with ipc-mode SHARE_PARENT: the task uses its instance's /dev/shm",
    () => 'remove shm-size, or write ipc-mode: PRIVATE',
  ),
  SizeWithoutMode: row(
    'SVC021',
    () => 'shm-size needs ipc-mode PRIVATE',
    () => 'add ipc-mode: PRIVATE',
  ),
  LimitBelowRequest: row(
    'SVC012',
    (what: string, limit: string, request: string) =>
      `the limit of ${limit} ${what} is less than the ${request} reserved`,
    () => 'raise the limit, write unlimited, or reserve less',
  ),
  DuplicatePrefix: row(
    'SVC011',
    (prefix: string, pod: string) => `pod ${pod} has the discovery prefix ${prefix} too`,
    () => 'choose another one: DNS names would not be unique',
  ),
  LongDnsName: row(
    'SVC011',
    (name: string) => `the DNS name ${name} has more than 63 characters`,
    () => 'shorten the prefix: the name is one label of a DNS name',
  ),
  DuplicateCertificate: row(
    'SVC020',
    (name: string, type: string) => `the ${type} files of ${name} are there twice`,
    () => 'remove one of the two, or give it another name',
  ),
  AmbiguousConfig: row(
    'SVC022',
    (name: string, other: string, variable: string) => `configs ${name} and ${other} are both announced by ${variable}`,
    () => "rename one of them: all but letters, digits and '_' becomes '_'",
  ),
  DuplicateDestination: row(
    'SVC022',
    (path: string, first: string) => `config ${first} is rendered to ${path} already`,
    () => 'give each a destination of its own',
  ),
  EmptyTemplate: row(
    'SVC022',
    (path: string) => `the template ${path} is empty`,
    () => 'write the text of the file, or remove the config',
  ),
  BadSetting: row(
    'SVC023',
    (name: string, wanted: string, is: string) => `the variable ${name} must be ${wanted}, is ${is}`,
    (_name, wanted) => `set it to ${wanted}`,
  ),
};
