/**
 * What the store says, taken over between two frames: for the case that somebody edited it by hand. Promises a state as after a
 * restart, but for what only the process knows; decides nothing, the next frame does.
 */
import type { Service, State } from './state.ts';

/** `stored` is the service as it was just read. */
export function adopt(state: State, stored: Service): void {
  const service = state.services.get(stored.name);
  if (!service) return;
  service.targetId = stored.targetId;
  service.plans = stored.plans;
  service.endpoints = stored.endpoints;
  for (const part of PARTS) refill<unknown>(service[part], stored[part]);
  state.session.landscape++;
}

const PARTS = ['configs', 'intents', 'tasks', 'operations', 'abandoned', 'properties'] as const;

function refill<T>(map: Map<string, T>, from: ReadonlyMap<string, T>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}
