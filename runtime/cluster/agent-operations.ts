/**
 * What RESERVE, UNRESERVE, CREATE and DESTROY do to an agent's checkpointed resources. It promises that an operation applies as a
 * whole or not at all, and never checks who asks: that is the master's business.
 */
import type { OfferOperation, Resource } from '../kit/mesos.ts';
import { add, bagOf, contains, resourcesOf, subtract } from '../kit/resources.ts';
import { plainDisk, unreserved } from './resource-form.ts';

export type Applied =
  | { ok: true; resources: Resource[]; created: Resource[]; destroyed: Resource[] }
  | { ok: false; message: string };

/** The checkpointed resources after the operation, and the volumes it made or unmade. */
export function applyOperation(resources: readonly Resource[], operation: OfferOperation): Applied {
  switch (operation.type) {
    case 'RESERVE': {
      const reserved = operation.reserve.resources;
      return convert(resources, reserved.map(unreserved), reserved);
    }
    case 'UNRESERVE': {
      const reserved = operation.unreserve.resources;
      return convert(resources, reserved, reserved.map(unreserved));
    }
    case 'CREATE': {
      const { volumes } = operation.create;
      const bad = volumes.find((volume) => !isFileName(volume.disk?.persistence?.id));
      if (bad) return { ok: false, message: `A volume cannot be named '${bad.disk?.persistence?.id}'` };
      const applied = convert(resources, volumes.map(plainDisk), volumes);
      return applied.ok ? { ...applied, created: volumes } : applied;
    }
    case 'DESTROY': {
      const { volumes } = operation.destroy;
      const applied = convert(resources, volumes, volumes.map(plainDisk));
      return applied.ok ? { ...applied, destroyed: volumes } : applied;
    }
    default:
      return { ok: false, message: `An agent does not apply ${operation.type}` };
  }
}

/** Where a volume's files are: `<workDir>/volumes/roles/<role>/<persistence id>`, the slashes of the role as blanks. */
export function volumePath(workDir: string, volume: Resource): string {
  const role = volume.reservations?.at(-1)?.role ?? volume.role ?? '*';
  return `${workDir}/volumes/roles/${role.replaceAll('/', ' ')}/${volume.disk?.persistence?.id}`;
}

function convert(resources: readonly Resource[], from: readonly Resource[], to: readonly Resource[]): Applied {
  const bag = bagOf(resources);
  if (!contains(bag, from)) return { ok: false, message: `The agent does not hold ${JSON.stringify(from)}` };
  subtract(bag, from);
  add(bag, to);
  return { ok: true, resources: resourcesOf(bag), created: [], destroyed: [] };
}

function isFileName(name: string | undefined): boolean {
  return name !== undefined && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}
