/**
 * Whether needs fit what an agent has, and what is left of it then. Promises to look without copying or taking anything, and, when
 * asked why not, to name every need that is not met.
 */
import type { Range, Resource } from '../../kit/mesos.ts';
import { firstIn, holdsRanges, normalRanges, rangesText, withoutRanges } from '../../kit/ranges.ts';
import { fromThousandths } from '../../kit/resources.ts';
import type { VolumeSpec } from '../../spec/service.ts';
import { heldOf, type Need, type Needs } from './needs.ts';
import { type AgentPool, type Free, NOTHING, thousandthsOf, withResources } from './pool.ts';
import { type Reason, reasonAt } from './reason.ts';
import { resourceIdOf, resourceIdsOf, unreserved } from './reserved.ts';

/** How needs are met by one agent. */
export interface Fit {
  /** What makes room: given back before anything is taken. */
  readonly freed: readonly Resource[];
  /** What is free then. */
  readonly free: Free;
  /** Thousandths taken from that by name; less than nothing where a need has become smaller. */
  readonly taken: ReadonlyMap<string, number>;
  /** The number of each port that is new. */
  readonly ports: ReadonlyMap<Need, number>;
  /** The disk of each new volume that takes a whole one. */
  readonly disks: ReadonlyMap<Need, Resource>;
}

/** Undefined when something is missing: every such need is then added to `reasons`, if given. */
export function fitOf(needs: Needs, pool: AgentPool, reasons?: Reason[]): Fit | undefined {
  const freed = needs.gives.flatMap((id) => pool.reserved.get(id) ?? []);
  const free = roomAfter(freed, pool, needs);
  const taken = takenBy(needs, pool);
  // Most agents that will not do are too small: without words to find, that is soon seen.
  if (!reasons && !holdsSums(free, taken)) return undefined;
  const missing: Reason[] = [];
  checkExecutor(needs, pool, missing);
  checkReservations(needs, pool, missing);
  checkSums(needs, pool, free, taken, missing);
  const ports = findPorts(needs, pool, free, missing);
  const disks = findDisks(needs, pool, free, missing);
  if (missing.length === 0) return { freed, free, taken, ports, disks };
  reasons?.push(...missing);
  return undefined;
}

/** The pool less what the needs take of it; what is held is in use from now on. */
export function take(needs: Needs, pool: AgentPool, { freed, free, taken, ports, disks }: Fit): AgentPool {
  const scalars = new Map(free.scalars);
  for (const [name, thousandths] of taken) scalars.set(name, (scalars.get(name) ?? 0) - thousandths);
  const left: Free = { scalars, ports: withoutPorts(free, ports), disks: withoutDisks(free, disks) };
  const gone = [...resourceIdsOf(freed), ...needs.held];
  const reserved = gone.length === 0 ? pool.reserved : without(pool.reserved, gone);
  return { ...pool, free: new Map(pool.free).set(needs.from, left), reserved };
}

function withoutPorts(free: Free, ports: Fit['ports']): Free['ports'] {
  if (ports.size === 0) return free.ports;
  const numbers = [...ports.values()].map((number) => ({ begin: number, end: number }));
  return withoutRanges(free.ports, normalRanges(numbers));
}

function withoutDisks(free: Free, disks: Fit['disks']): Free['disks'] {
  if (disks.size === 0) return free.disks;
  const used = new Set(disks.values());
  return free.disks.filter((disk) => !used.has(disk));
}

function without(reserved: AgentPool['reserved'], ids: readonly string[]): AgentPool['reserved'] {
  const left = new Map(reserved);
  for (const id of ids) left.delete(id);
  return left;
}

/** The reservation of a need as it is offered now; undefined also when the need has none. */
export function offeredOf(need: Need, pool: AgentPool): Resource | undefined {
  const held = heldOf(need);
  return held && pool.reserved.get(resourceIdOf(held) ?? '');
}

function roomAfter(freed: readonly Resource[], pool: AgentPool, { from }: Needs): Free {
  const free = pool.free.get(from) ?? NOTHING;
  return freed.length === 0 ? free : withResources(free, freed.map(unreserved));
}

/** What is needed beyond what is held, or, below zero, no longer needed. */
function takenBy(needs: Needs, pool: AgentPool): ReadonlyMap<string, number> {
  let taken: Map<string, number> | undefined;
  for (const need of needs.all) {
    if (need.kind !== 'scalar' || !need.held) continue;
    const offered = offeredOf(need, pool);
    if (!offered) continue;
    taken ??= new Map(needs.fresh);
    taken.set(need.name, (taken.get(need.name) ?? 0) + need.thousandths - thousandthsOf(offered));
  }
  return taken ?? needs.fresh;
}

function holdsSums(free: Free, taken: ReadonlyMap<string, number>): boolean {
  for (const [name, thousandths] of taken) if (thousandths > (free.scalars.get(name) ?? 0)) return false;
  return true;
}

function checkSums(needs: Needs, pool: AgentPool, free: Free, taken: Fit['taken'], missing: Reason[]): void {
  for (const [name, thousandths] of taken) {
    const had = free.scalars.get(name) ?? 0;
    if (thousandths <= had) continue;
    // What is held already is not asked for again.
    const more = thousandths === needs.fresh.get(name) ? '' : ' more';
    missing.push(reasonAt(pool, inSection(name, needs), `${amount(thousandths)}${more}`, amount(had)));
  }
}

function checkExecutor({ running }: Needs, pool: AgentPool, missing: Reason[]): void {
  const id = running?.executor_id.value;
  if (id === undefined || pool.executorIds.has(id)) return;
  missing.push(reasonAt(pool, 'its running executor', id, 'not here'));
}

function checkReservations(needs: Needs, pool: AgentPool, missing: Reason[]): void {
  for (const need of needs.all) {
    const held = heldOf(need);
    if (!held || offeredOf(need, pool)) continue;
    const [what, wanted] = wordsOf(need, held);
    missing.push(reasonAt(pool, `its reserved ${what}`, wanted, 'not offered'));
  }
}

function wordsOf(need: Need, held: Resource): [what: string, wanted: string] {
  switch (need.kind) {
    case 'scalar':
      return [need.name, amount(need.thousandths)];
    case 'volume':
      return [`volume ${need.volume.containerPath}`, amount(thousandthsOf(held))];
    default:
      return [`port ${need.name}`, String(need.number)];
  }
}

type PortNeed = Extract<Need, { kind: 'port' }>;

const NO_PORTS: Fit['ports'] = new Map();

function findPorts(needs: Needs, pool: AgentPool, free: Free, missing: Reason[]): Fit['ports'] {
  const wanted = needs.all.filter((need): need is PortNeed => need.kind === 'port' && !need.held);
  if (wanted.length === 0) return NO_PORTS;
  const found = new Map<Need, number>();
  // Fixed numbers first: no other port of the pod may be given one of them.
  const taken = new Set<number>();
  for (const need of wanted.filter(({ number }) => number !== 0)) {
    const isFree = holdsRanges(free.ports, [{ begin: need.number, end: need.number }]) && !taken.has(need.number);
    taken.add(need.number);
    if (isFree) found.set(need, need.number);
    else missing.push(noPort(needs, pool, free.ports, need));
  }
  for (const number of needs.fixedPorts) taken.add(number);
  for (const need of wanted.filter(({ number }) => number === 0)) {
    const number = firstIn(free.ports, need.ranges, taken);
    if (number === undefined) missing.push(noPort(needs, pool, free.ports, need));
    else {
      found.set(need, number);
      taken.add(number);
    }
  }
  return found;
}

function noPort(needs: Needs, pool: AgentPool, ports: readonly Range[], { name, number, ranges }: PortNeed): Reason {
  const any = ranges.length === 0 ? 'any port' : `any of ${rangesText(normalRanges(ranges))}`;
  return reasonAt(pool, inSection(`port ${name}`, needs), number === 0 ? any : String(number), rangesText(ports));
}

type DiskNeed = Extract<Need, { kind: 'volume' }> & { readonly volume: Extract<VolumeSpec, { type: 'MOUNT' }> };

const NO_DISKS: Fit['disks'] = new Map();

/**
 * One whole mounted disk a volume, the smallest that is large enough and of the right profile. Where that one is another volume's
 * which could do with a different disk, it moves there: if there is a way to serve all, it is found.
 */
function findDisks(needs: Needs, pool: AgentPool, free: Free, missing: Reason[]): Fit['disks'] {
  const wanted = needs.all.filter(
    (need): need is DiskNeed => need.kind === 'volume' && !need.held && need.volume.type === 'MOUNT',
  );
  if (wanted.length === 0) return NO_DISKS;
  const takers = new Map<Resource, DiskNeed>();
  for (const need of wanted) {
    if (findDisk(need, free, takers, new Set())) continue;
    const { containerPath, sizeMb, profiles } = need.volume;
    const kind = profiles.length === 0 ? 'a mounted disk' : `a mounted disk of profile ${profiles.join(' or ')}`;
    const left = free.disks.filter((disk) => !takers.has(disk) && hasProfile(disk, profiles));
    const had = left.map((each) => amount(thousandthsOf(each))).join(', ') || 'none';
    missing.push(reasonAt(pool, inSection(`${kind} for ${containerPath}`, needs), String(sizeMb), had));
  }
  return new Map([...takers].map(([disk, need]) => [need, disk]));
}

/** Takes a disk for the need; `asked` are those that it, or who makes room for it, was refused already. */
function findDisk(need: DiskNeed, free: Free, takers: Map<Resource, DiskNeed>, asked: Set<Resource>): boolean {
  const suited = free.disks.filter((disk) => !asked.has(disk) && suits(disk, need));
  for (const disk of suited) asked.add(disk);
  const disk =
    suited.find((each) => !takers.has(each)) ??
    suited.find((each) => findDisk(takers.get(each) as DiskNeed, free, takers, asked));
  if (disk) takers.set(disk, need);
  return disk !== undefined;
}

function suits(disk: Resource, { volume: { sizeMb, profiles } }: DiskNeed): boolean {
  return hasProfile(disk, profiles) && thousandthsOf(disk) >= sizeMb * 1000;
}

/** svc-yml 3.7: without profiles only a disk without one will do. */
function hasProfile({ disk }: Resource, profiles: readonly string[]): boolean {
  const profile = disk?.source?.profile ?? '';
  return profiles.length === 0 ? profile === '' : profiles.includes(profile);
}

function inSection(what: string, { from }: Needs): string {
  return from === '*' ? what : `${what} of role ${from}`;
}

function amount(thousandths: number): string {
  return String(fromThousandths(thousandths));
}
