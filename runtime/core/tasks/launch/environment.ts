/**
 * The variables that a task and its checks see (svc-yml 4.3). Promises each name once, the source of the higher order winning,
 * sorted by name; the agent's region and zone come last.
 */
import type { Environment, EnvironmentVariable } from '../../../kit/mesos.ts';
import { configVariableOf } from '../../../spec/names.ts';
import { mentions } from '../../../spec/placement-text.ts';
import type { ConfigSpec, PodSpec, TaskSpec } from '../../../spec/service.ts';
import { autoIpName, frameworkHost, frameworkVipHost, taskName } from '../name.ts';
import type { AssignedPort, LaunchContext } from './context.ts';

/** Of health and readiness checks: no secrets, plan parameters, config templates, region or zone. */
export function checkEnvironment(
  context: LaunchContext,
  task: TaskSpec,
  ports: readonly AssignedPort[],
): Required<Environment> {
  return {
    variables: merged([authored(task), ofService(context), ofInstance(context, task), inOrder(numbers(ports))]),
  };
}

/** Of the task's command. */
export function commandEnvironment(
  context: LaunchContext,
  task: TaskSpec,
  ports: readonly AssignedPort[],
): Required<Environment> {
  const own = merged([
    authored(task),
    ofService(context),
    ofInstance(context, task),
    inOrder(task.configs.map(template)),
    inOrder(Object.entries(context.parameters ?? {}).map(text)),
    inOrder(secrets(context)),
    inOrder(numbers(ports)),
  ]);
  const place = whereabouts(context);
  if (place.length === 0) return { variables: own };
  return { variables: [...own.filter(({ name }) => !place.some((known) => known.name === name)), ...place] };
}

type Variables = readonly EnvironmentVariable[];

/** Layers that are in order each, as one that is; the last of a name wins. Most are empty or made once, so this is all that a launch does. */
function merged(layers: readonly Variables[]): EnvironmentVariable[] {
  return [...layers.reduce(laidOver, [])];
}

function laidOver(below: Variables, above: Variables): Variables {
  if (above.length === 0) return below;
  if (below.length === 0) return above;
  const all: EnvironmentVariable[] = [];
  let at = 0;
  for (const variable of above) {
    for (let next = below[at]; next && next.name <= variable.name; next = below[at]) {
      if (next.name !== variable.name) all.push(next);
      at++;
    }
    all.push(variable);
  }
  while (at < below.length) all.push(below[at++] as EnvironmentVariable);
  return all;
}

/** A layer by name; the last of a name wins. */
function inOrder(variables: Variables): Variables {
  const isInOrder = variables.every(({ name }, at) => at === 0 || (variables[at - 1]?.name ?? '') < name);
  if (isInOrder) return variables;
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function text([name, value]: readonly [string, string]): EnvironmentVariable {
  return { name, value };
}

function authored(task: TaskSpec): Variables {
  const known = ofAuthors.get(task);
  if (known) return known;
  const made = inOrder(Object.entries(task.environment).map(text));
  ofAuthors.set(task, made);
  return made;
}

/** A definition never changes, and a thousand instances may be launched from one. */
const ofAuthors = new WeakMap<TaskSpec, Variables>();

function ofInstance({ pod, index }: LaunchContext, task: TaskSpec): Variables {
  const name = taskName(pod.type, index, task.name);
  return inOrder([
    { name: 'POD_INSTANCE_INDEX', value: String(index) },
    { name: 'TASK_NAME', value: name },
    // For sections of templates that are meant for one task alone.
    { name, value: 'true' },
  ]);
}

/** The same for all instances of a pod. */
function ofService({ settings, spec, pod }: LaunchContext): Variables {
  const known = ofServices.get(pod);
  if (known?.settings === settings && known.spec === spec) return known.variables;
  const names = (field: 'region' | 'zone') => String(pod.placement !== undefined && mentions(pod.placement, field));
  const variables = inOrder([
    { name: 'FRAMEWORK_NAME', value: spec.name },
    { name: 'FRAMEWORK_HOST', value: frameworkHost(spec.name, settings.serviceTld) },
    { name: 'FRAMEWORK_VIP_HOST', value: frameworkVipHost(spec.name, settings.vipTld) },
    {
      name: 'SCHEDULER_API_HOSTNAME',
      value: autoIpName(spec.name, settings.marathonName, settings.serviceTld),
    },
    { name: 'SCHEDULER_API_PORT', value: String(settings.apiPort) },
    { name: 'PLACEMENT_REFERENCED_REGION', value: names('region') },
    { name: 'PLACEMENT_REFERENCED_ZONE', value: names('zone') },
  ]);
  ofServices.set(pod, { settings, spec, variables });
  return variables;
}

const ofServices = new WeakMap<PodSpec, Pick<LaunchContext, 'settings' | 'spec'> & { readonly variables: Variables }>();

/** Tells the bootstrap helper which file to render, and where to. */
function template({ name, destination }: ConfigSpec): EnvironmentVariable {
  return { name: configVariableOf(name), value: `${templatePath(name)},${destination}` };
}

/** Where in the sandbox a config template is fetched to. */
export function templatePath(config: string): string {
  return `config-templates/${config}`;
}

function secrets({ pod }: LaunchContext): EnvironmentVariable[] {
  return pod.secrets.flatMap(({ envKey, path }) =>
    envKey ? [{ name: envKey, type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: path } } } as const] : [],
  );
}

function numbers(ports: readonly AssignedPort[]): EnvironmentVariable[] {
  return ports.flatMap(({ envKey, number }) => (envKey ? [{ name: envKey, value: String(number) }] : []));
}

function whereabouts({ offer }: LaunchContext): EnvironmentVariable[] {
  const domain = offer.domain?.fault_domain;
  return domain
    ? [
        { name: 'REGION', value: domain.region.name },
        { name: 'ZONE', value: domain.zone.name },
      ]
    : [];
}
