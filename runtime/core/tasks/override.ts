/**
 * A task's goal override on its way: asked for (PENDING), relaunched accordingly (IN_PROGRESS), so (COMPLETE). A return to normal
 * that is complete is no override any more.
 */
import { type Draft, putOverride } from '../draft.ts';
import type { Override, Service, TaskRecord } from '../state.ts';

export function advanceOverride(
  draft: Draft,
  service: Service,
  record: TaskRecord,
  from: Override['status'],
  to: Override['status'],
): void {
  const { override } = record;
  if (!override || override.goal === 'DECOMMISSIONED' || override.status !== from) return;
  const normal = override.goal === 'NONE' && to === 'COMPLETE';
  putOverride(draft, service, record, normal ? undefined : { ...override, status: to });
}
