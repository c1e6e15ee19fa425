/** What must stay as it is for the whole service. Promises that what it holds in Mesos stays its own. */
import type { ServiceSpec } from '../../../spec/service.ts';
import { type Refusal, UNSET } from './refusal.ts';

export function userChange(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  if (old.user === next.user) return [];
  const message = `The user of a running service cannot change: set scheduler.user back to ${old.user}.`;
  return [{ field: 'user', from: old.user, to: next.user, message, fatal: true }];
}

export function roleChange(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  if (old.role === next.role && old.principal === next.principal) return [];
  const message = 'Reservations are held under the old role and principal: set them back.';
  const text = (spec: ServiceSpec) => `${spec.role} of ${spec.principal}`;
  return [{ field: 'role', from: text(old), to: text(next), message, fatal: false }];
}

export function regionChange(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  if (old.region === next.region) return [];
  const [from, to] = [old.region ?? UNSET, next.region ?? UNSET];
  const message = 'The pods and their volumes are where they are: set the region back, or deploy another service.';
  return [{ field: 'region', from, to, message, fatal: false }];
}
