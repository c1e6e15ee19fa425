/**
 * What changed between two configurations, field by field. Promises that no difference is left out: both sides are flattened to
 * paths an author recognises, and every path that differs is listed.
 */
import { placementText } from '../../spec/placement-text.ts';
import type { ServiceSpec } from '../../spec/service.ts';

export interface FieldChange {
  /** `pods.data.tasks.node.resourceSet.cpus` */
  readonly path: string;
  /** Absent: there was no such field. */
  readonly from?: string;
  /** Absent: there is no such field any more. */
  readonly to?: string;
}

export function diff(old: ServiceSpec | undefined, next: ServiceSpec): FieldChange[] {
  const [before, after] = [flat(readable(old)), flat(readable(next))];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => {
      const [from, to] = [before.get(path), after.get(path)];
      return { path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    });
}

/** Placement in the operator's own words: its parts mean nothing by themselves. */
function readable(spec: ServiceSpec | undefined): unknown {
  if (!spec) return undefined;
  const pods = spec.pods.map((pod) => ({
    ...pod,
    ...(pod.placement ? { placement: placementText(pod.placement) } : {}),
  }));
  return { ...spec, pods };
}

function flat(spec: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (value === undefined) return;
    if (value === null || typeof value !== 'object') {
      found.set(path, typeof value === 'string' ? JSON.stringify(value) : String(value));
      return;
    }
    const entries = Array.isArray(value)
      ? value.map((item, at) => [nameOf(item) ?? String(at), item])
      : Object.entries(value);
    if (entries.length === 0 && path !== '') found.set(path, Array.isArray(value) ? 'none' : '{}');
    for (const [key, item] of entries) walk(item, path === '' ? key : `${path}.${key}`);
  };
  walk(spec, '');
  return found;
}

/** What a list's item is known by, so that one more in front does not look like a change of all. */
function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { containerPath, name, type } = item as { containerPath?: unknown; name?: unknown; type?: unknown };
  const known = containerPath ?? name ?? type;
  return typeof known === 'string' ? known : undefined;
}
