/** Tasks of a pod that cannot be launched together. Promises the first two that are in each other's way, and why. */
import type { PodDefinition } from '../definition.ts';

/** They take turns on a resource set, or would have one DNS name. */
export type Conflict = { readonly first: string; readonly second: string; readonly field: readonly string[] } & (
  | { readonly set: string; readonly prefix?: undefined }
  | { readonly set?: undefined; readonly prefix: string }
);

export function conflictOf(pod: PodDefinition, tasks: readonly string[]): Conflict | undefined {
  const users = new Map<string, string>();
  const named = new Map<string, string>();
  for (const second of tasks) {
    const task = Object.hasOwn(pod.tasks, second) ? pod.tasks[second] : undefined;
    const set = task?.['resource-set'] ?? '';
    const prefix = task?.discovery?.prefix ?? '';
    const user = users.get(set);
    if (user !== undefined) return { first: user, second, set, field: ['resource-set'] };
    const namesake = named.get(prefix);
    if (namesake !== undefined) return { first: namesake, second, prefix, field: ['discovery', 'prefix'] };
    if (Object.hasOwn(pod['resource-sets'], set)) users.set(set, second);
    if (prefix !== '') named.set(prefix, second);
  }
  return undefined;
}
