/**
 * The labels by which a task is known again (svc-yml 4.5). Promises that ours mean what we wrote: an author's label never takes the
 * place of one that the scheduler reads.
 */
import type { Label } from '../../../kit/mesos.ts';
import type { TaskSpec } from '../../../spec/service.ts';
import { attributesText } from '../../offer/placement-values.ts';
import { sortedLabels } from '../record.ts';
import type { LaunchContext } from './context.ts';

/** Read back by the scheduler, so nobody else's. */
const OURS = new Set([
  'target_configuration',
  'task_type',
  'index',
  'offer_hostname',
  'offer_attributes',
  'offer_region',
  'offer_zone',
  'permanently-failed',
]);

export function labelsOf({ offer, configId, pod, index }: LaunchContext, task: TaskSpec): Label[] {
  const authored = Object.entries(task.labels).filter(([key]) => !OURS.has(key));
  const domain = offer.domain?.fault_domain;
  const ours = {
    target_configuration: configId,
    task_type: pod.type,
    index: String(index),
    offer_hostname: offer.hostname,
    offer_attributes: attributesText(offer.attributes),
    ...(domain ? { offer_region: domain.region.name, offer_zone: domain.zone.name } : {}),
  };
  return sortedLabels([...authored, ...Object.entries(ours)].map(([key, value]) => ({ key, value })));
}
