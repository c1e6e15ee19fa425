/** Names that follow from the service's name (svc.yml sections 4.1 and 7.3). Promises upstream's forms, so that its tools find things. */

/** `/team/data` as one name: the leading slash dropped, other slashes as `__`. */
export function slashEscaped(serviceName: string): string {
  return serviceName.replace(/^\//, '').replaceAll('/', '__');
}

/** The Mesos role in which a service reserves. */
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
