/**
 * What RESERVE, UNRESERVE, CREATE and DESTROY do to an agent's checkpointed resources. It promises that an operation applies as a
 * whole or not at all, and never checks who asks: that is the master's business.
 */
import { resolve } from 'node:path';
import type { Resource } from '../kit/mesos.ts';
import type { OfferOperation } from '../kit/mesos-call.ts';
import { type Bag, contains, resourcesOf } from '../kit/resources.ts';
import { type Conversion, conversionOf, exchange, namedBy } from './operation.ts';
import { bare } from './resource-form.ts';
import { textOf } from './resource-text.ts';

export type Applied =
  | { ok: true; created: readonly Resource[]; destroyed: readonly Resource[] }
  | { ok: false; message: string };

/** Applies the operation to the checkpointed resources, or leaves them as they are; the volumes it made or unmade. */
export function applyOperation(resources: Bag, operation: OfferOperation): Applied {
  if (!isConversion(operation)) return { ok: false, message: `An agent does not apply ${operation.type}` };
  const exchanged = conversionOf(operation);
  const created = operation.type === 'CREATE' ? namedBy(operation).map(bare) : [];
  const bad = created.find((volume) => !isFileName(volume.disk?.persistence?.id));
  if (bad) return { ok: false, message: `A volume cannot be named '${bad.disk?.persistence?.id}'` };
  if (!contains(resources, exchanged.taken)) {
    return { ok: false, message: `The agent does not hold ${textOf(resourcesOf(exchanged.taken))}` };
  }
  exchange(resources, exchanged);
  return { ok: true, created, destroyed: operation.type === 'DESTROY' ? namedBy(operation).map(bare) : [] };
}

function isConversion(operation: OfferOperation): operation is Conversion {
  return operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP';
}

/**
 * Where a volume's files are: a MOUNT disk is its one volume, relative to the agent's work directory or absolute; others are
 * `<workDir>/volumes/roles/<role>/<persistence id>`, the slashes of the role as blanks.
 */
export function volumePath(workDir: string, volume: Resource): string {
  const mount = volume.disk?.source?.mount?.root;
  if (mount !== undefined) return resolve(workDir, mount);
  const role = volume.reservations?.at(-1)?.role ?? volume.role ?? '*';
  return `${workDir}/volumes/roles/${role.replaceAll('/', ' ')}/${volume.disk?.persistence?.id}`;
}

function isFileName(name: string | undefined): boolean {
  return name !== undefined && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}
