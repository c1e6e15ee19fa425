/** Names that follow from other names (svc-yml 3.6, 4.1, 4.3, 4.7 and 7.3). Promises upstream's forms, so that its tools find things. */

/** `/team/data` as one name: the leading slash dropped, other slashes as `__`. */
export function slashEscaped(serviceName: string): string {
  return serviceName.replace(/^\//, '').replaceAll('/', '__');
}

/** The Mesos role of a service that belongs to no group with a role. */
export function roleOf(serviceName: string): string {
  return `${slashEscaped(serviceName)}-role`;
}

/** The principal of a service that names none; slashes are kept. */
export function principalOf(serviceName: string): string {
  return `${serviceName}-principal`;
}

/** The set of a task that has resources of its own. */
export function privateSetOf(taskName: string): string {
  return `${taskName}-resource-set`;
}

/** Variables that the scheduler gives to every task, whatever a file says. */
export const BUILT_IN_VARIABLES: readonly string[] = [
  'TASK_NAME',
  'POD_INSTANCE_INDEX',
  'FRAMEWORK_NAME',
  'FRAMEWORK_HOST',
  'FRAMEWORK_VIP_HOST',
  'SCHEDULER_API_HOSTNAME',
  'SCHEDULER_API_PORT',
  'PLACEMENT_REFERENCED_REGION',
  'PLACEMENT_REFERENCED_ZONE',
];

/** A name as a part of the name of a variable: `data-node` is DATA_NODE there. */
export function variablePart(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
}

/** The variable that announces a config template to the bootstrap helper. */
export function configVariableOf(configName: string): string {
  return `CONFIG_TEMPLATE_${variablePart(configName)}`;
}

/** The file of a secret: the one it names, or its own path when it names no variable either. */
export function secretFile(secret: { secret: string; file?: string; 'env-key'?: string }): string | undefined {
  return secret.file || (secret['env-key'] ? undefined : secret.secret);
}
