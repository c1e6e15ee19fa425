/**
 * A stored configuration as the page lists it: who still runs on it, and how the target differs from it. Promises that secrets are
 * masked on both sides of a difference.
 */
import type { Service, State } from '../../core/state.ts';
import { diff, type FieldChange } from '../../core/target/diff.ts';
import { shownChanges } from '../../core/target/shown.ts';
import { configOf } from '../../core/tasks/record.ts';
import type { ServiceSpec } from '../../spec/service.ts';
import { secretsIn } from '../bodies/secrets.ts';

export interface ConfigurationDocument {
  readonly id: string;
  readonly isTarget: boolean;
  /** The tasks that were launched with it last. */
  readonly tasks: number;
  /** From it to the target, field by field. */
  readonly changes: readonly FieldChange[];
}

/** The target first. */
export function configurationDocuments(state: Pick<State, 'settings'>, service: Service): ConfigurationDocument[] {
  const target = service.configs.get(service.targetId);
  const tasks = new Map<string, number>();
  for (const record of service.tasks.values()) {
    const id = configOf(record);
    if (id !== undefined) tasks.set(id, (tasks.get(id) ?? 0) + 1);
  }
  return [...service.configs]
    .map(([id, spec]) => ({
      id,
      isTarget: id === service.targetId,
      tasks: tasks.get(id) ?? 0,
      changes: target && spec !== target ? shownChanges(changesTo(target, spec), secretsIn(state, service)) : [],
    }))
    .sort((a, b) => Number(b.isTarget) - Number(a.isTarget));
}

/** Specs never change, and every look asks for the same few differences again. */
const known = new WeakMap<ServiceSpec, { old: ServiceSpec; changes: readonly FieldChange[] }>();

function changesTo(target: ServiceSpec, old: ServiceSpec): readonly FieldChange[] {
  const found = known.get(old);
  if (found?.old === target) return found.changes;
  const changes = diff(old, target);
  known.set(old, { old: target, changes });
  return changes;
}
