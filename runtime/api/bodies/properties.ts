/**
 * The stored properties of a service (http-api 6). Promises the newest status of each task among them, as the field's scheduler stores
 * it a second time; ours is in the task's record alone.
 */
import type { Service } from '../../core/state.ts';
import { beanJson } from '../json.ts';
import { messageJson } from './message.ts';

const STATUS = ':task-status';

/** `["hello-0-server:task-status", "last-completed-update-type"]`, sorted. */
export function propertyNames({ properties, tasks }: Service): string[] {
  const reported = [...tasks].filter(([, record]) => record.status);
  return [...properties.keys(), ...reported.map(([task]) => task + STATUS)].sort();
}

/** Undefined when there is none of that name. */
export function propertyText({ properties, tasks }: Service, name: string): string | undefined {
  const stored = properties.get(name);
  if (stored !== undefined || !name.endsWith(STATUS)) return stored;
  const status = tasks.get(name.slice(0, -STATUS.length))?.status;
  return status && beanJson(messageJson(status));
}
