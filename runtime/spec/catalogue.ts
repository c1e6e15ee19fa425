/**
 * Every mistake that a service definition or its package can hold: one row a mistake, with code, sentence and fix. Promises
 * stable codes (documentation and scripts name them); never formats or places anything.
 */
import type { Finding } from './problem.ts';

type Words = readonly (string | undefined)[];

function row<A extends Words>(
  code: string,
  sentence: (...args: A) => string,
  remedy?: (...args: A) => string | undefined,
) {
  return (...args: A): Finding => {
    const fix = remedy?.(...args);
    return { code, message: sentence(...args), ...(fix ? { remedy: fix } : {}) };
  };
}

const meant = (word: string | undefined) => (word ? `did you mean ${word}?` : undefined);

export const Mistake = {
  // Rendering
  MissingVariable: row(
    'SVC001',
    (name: string, _near?: string) => `{{${name}}} has no value`,
    (name, near) => (near ? `did you mean {{${near}}}?` : `set it with -e ${name}=... or give it a default`),
  ),
  UnclosedTag: row(
    'SVC002',
    () => 'this tag is not closed',
    () => 'end it with as many braces as it begins with, on the same line',
  ),
  EmptyTag: row(
    'SVC002',
    () => 'this tag names no variable',
    () => 'write the name of a variable between the braces',
  ),
  UnclosedSection: row(
    'SVC002',
    (name: string) => `section {{#${name}}} is not closed`,
    (name) => `close it with {{/${name}}}, inside the section that it began in`,
  ),
  UnopenedSection: row(
    'SVC002',
    (name: string) => `{{/${name}}} closes a section that is not open`,
    (name) => `open it with {{#${name}}} or {{^${name}}}, or remove it`,
  ),
  DeepSection: row(
    'SVC002',
    () => 'sections are nested too deeply',
    () => 'nest at most 100',
  ),
  UnsupportedTag: row(
    'SVC002',
    (what: string) => `${what} are not supported`,
    () => 'write the text itself',
  ),
  BadTemplate: row('SVC002', (reason: string) => `this template cannot be read: ${reason}`),

  // Reading
  BadYaml: row(
    'SVC003',
    (reason: string) => `this is not valid YAML: ${reason}`,
    () => 'check indentation, colons and quotes around here',
  ),
  TabIndent: row(
    'SVC003',
    () => 'YAML cannot be indented with tabs',
    () => 'indent with spaces',
  ),
  SeveralDocuments: row(
    'SVC003',
    () => 'a second document begins here',
    () => 'keep one document in a file',
  ),
  UnknownAlias: row(
    'SVC003',
    (name: string) => `*${name} stands for nothing`,
    (name) => `name a value with &${name} before this, or put the text in quotes`,
  ),
  ControlCharacter: row(
    'SVC003',
    (code: string) => `the character ${code} cannot stand in YAML`,
    () => 'remove it',
  ),
  TooLarge: row(
    'SVC003',
    (what: string) => `${what} is larger than 1 MiB`,
    () => 'a definition has to fit into one ZooKeeper node',
  ),
  TooDeep: row(
    'SVC003',
    () => 'lists and maps are nested too deeply',
    () => 'a service definition needs less than ten levels',
  ),
  TooMany: row(
    'SVC003',
    () => 'the definition unfolds to more than 50000 fields',
    () => 'write less, or fewer aliases',
  ),
  NotAService: row(
    'SVC003',
    () => 'the file does not hold a map',
    () => 'begin with name: and pods:',
  ),
  DuplicateKey: row(
    'SVC004',
    (key: string) => `${key} is there twice`,
    () => 'remove one of the two',
  ),
  MergeKey: row(
    'SVC005',
    () => 'merge keys (<<) are not supported',
    () => 'write the fields out',
  ),
  KeyNotText: row(
    'SVC005',
    () => 'a key must be plain text',
    () => 'write key: value',
  ),

  // Fields
  UnknownField: row(
    'SVC005',
    (where: string, key: string, _near?: string, _known?: string) => `${where} has no field ${key}`,
    (_where, _key, near, known) => meant(near) ?? (known ? `it has: ${known}` : undefined),
  ),
  NotYet: row(
    'SVC006',
    (where: string, key: string) => `${where}: this version does not support ${key} yet`,
    (_where, key) => `remove ${key}, or wait for a version that supports it`,
  ),
  MissingField: row(
    'SVC007',
    (where: string, key: string, _example?: string) => `${where} needs ${key}`,
    (_where, key, example) => (example ? `add ${key}: ${example}` : `add ${key}`),
  ),
  EmptyField: row(
    'SVC007',
    (path: string, _example?: string) => `${path} has no value`,
    (_path, example) => (example ? `write a value, such as ${example}` : 'write a value'),
  ),
  NeedsEntries: row(
    'SVC007',
    (path: string) => `${path} is empty`,
    () => 'it needs at least one entry',
  ),
  WrongType: row(
    'SVC008',
    (path: string, wanted: string, is: string, _remedy?: string) => `${path} must be ${wanted}, is ${is}`,
    (_path, _wanted, _is, remedy) => remedy,
  ),
  OutOfRange: row(
    'SVC009',
    (path: string, bound: string, is: string) => `${path} must be ${bound}, is ${is}`,
    (_path, bound) => `write a number that is ${bound}`,
  ),
  NotAllowed: row(
    'SVC009',
    (path: string, is: string, _allowed: string) => `${path} cannot be ${is} in this version`,
    (_path, _is, allowed) => `write ${allowed}`,
  ),
  BadForm: row(
    'SVC010',
    (path: string, is: string, _rule: string) => `${path} cannot be ${is}`,
    (_path, _is, rule) => rule,
  ),

  // Meaning
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
    () => 'give it at least one of cpus, memory and ports (volumes alone do not count)',
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
  BadPlacement: row(
    'SVC015',
    (reason: string) => `placement ${reason}`,
    () =>
      `this version supports '[["hostname", "UNIQUE"]]' or hostname:UNIQUE, hostname:MAX_PER:<number>, and nothing at all`,
  ),

  // Plans
  NoDeployPlan: row(
    'SVC016',
    (_near?: string) => 'there are plans, but none is called deploy',
    (near) => (near ? `rename ${near} to deploy` : 'add deploy: the plan that brings the service up'),
  ),
  BuiltInPlan: row(
    'SVC016',
    (name: string) => `the scheduler has a plan ${name} of its own`,
    () => 'choose another name',
  ),
  UnknownPod: row(
    'SVC016',
    (name: string, _near: string | undefined, _known: string) => `there is no pod ${name}`,
    (_name, near, known) => meant(near) ?? `the pods are: ${known}`,
  ),
  UnknownTask: row(
    'SVC016',
    (name: string, pod: string, _near: string | undefined, _known: string) => `pod ${pod} has no task ${name}`,
    (_name, _pod, near, known) => meant(near) ?? `its tasks are: ${known}`,
  ),
  NotOneKey: row(
    'SVC016',
    (path: string, keys: string) => `${path} has ${keys} keys, needs exactly one`,
    () => 'write a list item for each: - 0: [[task]] or - default: [[task]]',
  ),
  RepeatedTask: row(
    'SVC016',
    (path: string) => `${path} has a task twice`,
    () => 'a step launches each of its tasks once: remove one of the two',
  ),
  RepeatedSteps: row(
    'SVC016',
    (key: string, phase: string) => `phase ${phase} has steps for ${key} twice`,
    (key) => `put all of them into one: - ${key}: [[first], [second]]`,
  ),
  MissingSteps: row(
    'SVC016',
    (index: string, phase: string) => `phase ${phase} has no steps for instance ${index}, and no default`,
    (index) => `add - ${index}: [[task]], or - default: [[task]] for all others`,
  ),
  SharedSetInStep: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `tasks ${first} and ${second} take turns on resource set ${set}, and cannot be in one step`,
    (first, second) => `give each a step of its own: [[${first}], [${second}]]`,
  ),
  SharedSetInPhase: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `without steps all tasks are launched together, but ${first} and ${second} take turns on resource set ${set}`,
    (first, second) => `add steps: - default: [[${first}], [${second}]]`,
  ),
  SharedSetWithoutPlan: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `without plans all tasks are launched together, but ${first} and ${second} take turns on resource set ${set}`,
    (first, second) => `write a plan deploy, with steps such as [[${first}], [${second}]]`,
  ),

  // Files and packages
  NoSuchFile: row(
    'PKG001',
    (what: string) => `${what}`,
    () => 'name a folder with an svc.yml, or an svc.yml itself',
  ),
  NotText: row(
    'PKG002',
    (reason: string) => `this is not a text file: ${reason}`,
    () => 'save it as UTF-8 text',
  ),
  NotJson: row('PKG003', (what: string) => `this is not a JSON object: ${what}`),
  NoOptions: row(
    'PKG004',
    () => 'options were given, but the package has no universe/config.json',
    () => 'leave out --options, or add a config.json',
  ),
  BadOption: row(
    'PKG005',
    (path: string, rule: string, _near?: string) => `option ${path} ${rule}`,
    (_path, _rule, near) => meant(near),
  ),
  BadOptionsSchema: row('PKG006', (reason: string) => `this is not a JSON Schema: ${reason}`),
  NotAnApp: row('PKG007', (reason: string) => `this does not render to a Marathon app: ${reason}`),
};
