/** Where the API has plans and pod instances. Promises that a name is one part of the path, whatever it holds. */

/** `v1/plans/deploy`, or `v1/plans/deploy/interrupt` with `what`. */
export function planPath(plan: string, what?: string): string {
  return at('v1/plans', plan, what);
}

/** `v1/pod/data-0/status` */
export function podPath(instance: string, what: string): string {
  return at('v1/pod', instance, what);
}

function at(base: string, name: string, what?: string): string {
  return `${base}/${encodeURIComponent(name)}${what === undefined ? '' : `/${what}`}`;
}
