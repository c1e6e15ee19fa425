/**
 * A machine as somebody describes it, and what its agent says about itself. Promises that every machine has ports of its own; it
 * must never look at the machine it really runs on.
 */
import type { Attribute, DomainInfo, Range, ReservationInfo, Resource } from '../kit/mesos.ts';
import { bagOf, contains, resourcesOf, subtract, thousandths } from '../kit/resources.ts';

/** Amounts as in Mesos: cpus may be fractions, memory and disks are MB. */
export interface Machine {
  cpus: number;
  mem: number;
  disk: number;
  gpus?: number;
  /** Inclusive. Default: a thousand that no other machine has. */
  ports?: Range[];
  /** Disks of their own, offered whole. */
  mounts?: Mount[];
  /** What of cpus, mem, disk and gpus is reserved to a role for good. */
  reserved?: Record<string, Partial<Record<Amount, number>>>;
  attributes?: Attribute[];
  domain?: DomainInfo;
}

export interface Mount {
  size: number;
  profile?: string;
  /** Reserved to it for good. */
  role?: string;
}

type Amount = 'cpus' | 'mem' | 'disk' | 'gpus';

const amounts: readonly Amount[] = ['cpus', 'mem', 'disk', 'gpus'];

/** What a machine has of which nobody says more: 4 cpus, 8 GB, 20 GB. */
export const ordinary: Machine = { cpus: 4, mem: 8192, disk: 20_000 };

/** Its resources, static reservations taken out of the whole; throws in words when they are more than that. */
export function resourcesOfMachine(machine: Machine, index: number): Resource[] {
  const whole = bagOf(amounts.map((name) => scalar(name, machine[name] ?? 0)));
  const roles = Object.entries(machine.reserved ?? {});
  const reserved = roles.flatMap(([role, own]) =>
    amounts.filter((name) => own[name]).map((name) => ({ ...scalar(name, own[name] ?? 0), ...staticFor(role) })),
  );
  const taken = bagOf(reserved.map(({ reservations: _reservations, ...resource }) => resource));
  if (!contains(whole, taken)) throw new Error('more is reserved than the machine has');
  subtract(whole, taken);
  const range = machine.ports ?? [{ begin: 10_000 + index * 1000, end: 10_999 + index * 1000 }];
  return [
    ...resourcesOf(whole),
    ...reserved,
    ...(machine.mounts ?? []).map(disk),
    { name: 'ports', type: 'RANGES', ranges: { range } },
  ];
}

/** The root is relative to the agent's work directory, as Mesos allows; so the directory may be moved. */
function disk({ size, profile, role }: Mount, index: number): Resource {
  const source = { type: 'MOUNT' as const, mount: { root: `disks/${index + 1}` } };
  return {
    ...scalar('disk', size),
    ...(role !== undefined && staticFor(role)),
    disk: { source: { ...source, ...(profile !== undefined && { profile }) } },
  };
}

function staticFor(role: string): { reservations: ReservationInfo[] } {
  return { reservations: [{ type: 'STATIC', role }] };
}

function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value: thousandths(value) / 1000 } };
}
