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
  // In the order of their keys, so that mostly nothing has to be sorted.
  const labels: Label[] = [
    { key: 'index', value: String(index) },
    { key: 'offer_attributes', value: attributesText(offer.attributes) },
    { key: 'offer_hostname', value: offer.hostname },
  ];
  const domain = offer.domain?.fault_domain;
  if (domain) {
    labels.push({ key: 'offer_region', value: domain.region.name }, { key: 'offer_zone', value: domain.zone.name });
  }
  labels.push({ key: 'target_configuration', value: configId }, { key: 'task_type', value: pod.type });
  for (const [key, value] of Object.entries(task.labels)) if (!OURS.has(key)) labels.push({ key, value });
  return sortedLabels(labels);
}
