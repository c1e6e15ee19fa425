/** What is wrong with a configuration whatever ran before. Promises to refuse what could never run here. */
import { fromThousandths } from '../../../kit/resources.ts';
import type { ServiceSpec, TaskSpec } from '../../../spec/service.ts';
import type { Settings } from '../../state.ts';
import type { Refusal } from './refusal.ts';

/** The longest label of a DNS name. */
const LONGEST_NAME = 63;

/** Of a first deployment only: a service that runs has its name. */
export function longName({ name }: ServiceSpec): Refusal[] {
  const label = name.replaceAll('/', '');
  if (label.length <= LONGEST_NAME) return [];
  const message = `Without its slashes the name has ${label.length} characters, and DNS takes ${LONGEST_NAME} at most: choose a shorter one.`;
  return [{ field: 'service.name', to: name, message, fatal: false }];
}

export function certificates(
  { pods }: ServiceSpec,
  { hasServiceAccount }: Pick<Settings, 'hasServiceAccount'>,
): Refusal[] {
  if (hasServiceAccount) return [];
  return pods
    .flatMap(({ tasks }) => tasks)
    .filter(({ transportEncryption }) => transportEncryption.length > 0)
    .map(({ name }) => ({
      field: 'transport-encryption',
      to: name,
      message: `Certificates for task '${name}' are signed for a service account: set DCOS_SERVICE_ACCOUNT_CREDENTIAL, or take transport-encryption out.`,
      fatal: false,
    }));
}

/** Mesos would refuse each launch. */
export function lowLimits({ pods }: ServiceSpec): Refusal[] {
  return pods.flatMap(({ tasks }) => tasks).flatMap(lowLimitsOf);
}

function lowLimitsOf({ name, resourceSet }: TaskSpec): Refusal[] {
  const { cpus, memoryMb, limits } = resourceSet;
  const pairs = [
    ['cpus', limits.cpus, cpus, fromThousandths],
    ['mem', limits.memoryMb, memoryMb, Number],
  ] as const;
  return pairs.flatMap(([resource, limit, requested, amount]) => {
    if (limit === undefined || limit === 'unlimited' || limit >= requested) return [];
    const [to, least] = [String(amount(limit)), String(amount(requested))];
    const message = `The ${resource} resource-limits for task '${name}', ${to}, is less than the requested amount, ${least}`;
    return [{ field: 'ResourceLimits', to, message, fatal: false }];
  });
}
