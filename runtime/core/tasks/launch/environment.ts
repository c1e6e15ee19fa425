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
  return { variables: sorted([...authored(task), ...builtIns(context, task), ...numbers(ports)]) };
}

/** Of the task's command. */
export function commandEnvironment(
  context: LaunchContext,
  task: TaskSpec,
  ports: readonly AssignedPort[],
): Required<Environment> {
  const own = sorted([
    ...authored(task),
    ...builtIns(context, task),
    ...task.configs.map(template),
    ...Object.entries(context.parameters ?? {}).map(text),
    ...secrets(context),
    ...numbers(ports),
  ]);
  const place = whereabouts(context);
  if (place.length === 0) return { variables: own };
  return { variables: [...own.filter(({ name }) => !place.some((known) => known.name === name)), ...place] };
}

/** The last of a name wins. */
function sorted(variables: readonly EnvironmentVariable[]): EnvironmentVariable[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function text([name, value]: readonly [string, string]): EnvironmentVariable {
  return { name, value };
}

function authored(task: TaskSpec): readonly EnvironmentVariable[] {
  const known = ofAuthors.get(task);
  if (known) return known;
  const made = Object.entries(task.environment).map(text);
  ofAuthors.set(task, made);
  return made;
}

/** A definition never changes, and a thousand instances may be launched from one. */
const ofAuthors = new WeakMap<TaskSpec, readonly EnvironmentVariable[]>();

function builtIns(context: LaunchContext, task: TaskSpec): EnvironmentVariable[] {
  const { pod, index } = context;
  const name = taskName(pod.type, index, task.name);
  return [
    { name: 'TASK_NAME', value: name },
    // For sections of templates that are meant for one task alone.
    { name, value: 'true' },
    { name: 'POD_INSTANCE_INDEX', value: String(index) },
    ...serviceVariables(context),
  ];
}

/** The same for all instances of a pod. */
function serviceVariables({ settings, spec, pod }: LaunchContext): readonly EnvironmentVariable[] {
  const known = ofServices.get(pod);
  if (known?.settings === settings && known.spec === spec) return known.variables;
  const names = (field: 'region' | 'zone') => String(pod.placement !== undefined && mentions(pod.placement, field));
  const variables = [
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
  ];
  ofServices.set(pod, { settings, spec, variables });
  return variables;
}

const ofServices = new WeakMap<
  PodSpec,
  Pick<LaunchContext, 'settings' | 'spec'> & { readonly variables: readonly EnvironmentVariable[] }
>();

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
