/**
 * Resource algebra: Mesos resources as a bag of kinds with exact amounts. It promises that add and subtract are exact inverses
 * (scalars are integer thousandths, as Mesos compares them at three decimals; trace 09) and never mutates a resource handed in.
 */
import type { Label, Labels, Range, Resource } from './mesos.ts';
import { commonRanges, holdsRanges, normalRanges, withoutRanges } from './ranges.ts';

/** Integer thousandths of a scalar: 0.1 cpus is 100, 32 MB is 32000. Rounds as Mesos does. */
export function thousandths(value: number): number {
  return Math.round(value * 1000);
}

/** The wire's double for a number of thousandths. */
export function fromThousandths(amount: number): number {
  return amount / 1000;
}

export type Amount =
  | { kind: 'scalar'; thousandths: number }
  | { kind: 'ranges'; ranges: readonly Range[] }
  | { kind: 'set'; items: readonly string[] };

interface Entry {
  /** Any resource of the kind; its amount means nothing here. */
  readonly sample: Resource;
  readonly amount: Amount;
}

/** Resources by kind; no entry is ever empty. The order is that of first arrival. An entry never changes, so `new Map(bag)` is a copy. */
export type Bag = Map<string, Entry>;

/** What goes in and out of a bag. A bag knows the kinds of its resources already; of a list they have to be worked out. */
export type Resources = readonly Resource[] | ReadonlyMap<string, Entry>;

/** Text behind its length: however texts are joined, what they were can be told. None is as an empty one. */
function part(text = ''): string {
  return `${text.length}:${text}`;
}

/** The labels of a reservation, whatever their order (trace 09: labels in another order still merge). */
function labelsKey(labels: Labels | undefined): string {
  const all = labels?.labels ?? [];
  // Mostly they are in order: sorting is as dear as all the rest.
  const isInOrder = all.every((label, at) => at === 0 || compareLabels(all[at - 1] as Label, label) <= 0);
  let text = '';
  for (const { key, value } of isInOrder ? all : [...all].sort(compareLabels)) text += part(key) + part(value);
  return text;
}

function compareLabels(a: Label, b: Label): number {
  return compare(a.key, b.key) || compare(a.value ?? '', b.value ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Everything about a resource but its amount and allocation, as text: equal kinds merge. A volume is known by its persistence
 * id, not by its container path (trace 10).
 */
export function kindOf(resource: Resource): string {
  const { name, type, role, reservations, reservation, disk, provider_id, revocable, shared } = resource;
  let kind = part(name) + type + part(role ?? '*');
  for (const { type: how, role: whose, principal, labels } of reservations ?? []) {
    kind += `[${part(how)}${part(whose)}${part(principal)}${labelsKey(labels)}`;
  }
  if (reservation) kind += `(${part(reservation.principal)}${labelsKey(reservation.labels)}`;
  if (disk) kind += `{${part(disk.persistence?.id)}${disk.source ? part(JSON.stringify(disk.source)) : ''}`;
  if (provider_id) kind += `@${part(provider_id.value)}`;
  return kind + (revocable ? 'r' : '') + (shared ? 's' : '');
}

/** A resource's amount; throws on a type Mesos does not allow for resources (TEXT). */
export function amountOf(resource: Resource): Amount {
  switch (resource.type) {
    case 'SCALAR':
      return { kind: 'scalar', thousandths: thousandths(resource.scalar?.value ?? 0) };
    case 'RANGES':
      return { kind: 'ranges', ranges: normalRanges(resource.ranges?.range ?? []) };
    case 'SET':
      return { kind: 'set', items: [...new Set(resource.set?.item ?? [])].sort() };
    case 'TEXT':
      throw new Error(`resource ${resource.name} cannot be of type TEXT`);
  }
}

export function isEmpty(amount: Amount): boolean {
  switch (amount.kind) {
    case 'scalar':
      return amount.thousandths <= 0;
    case 'ranges':
      return amount.ranges.length === 0;
    case 'set':
      return amount.items.length === 0;
  }
}

function plus(a: Amount, b: Amount): Amount {
  if (a.kind === 'scalar' && b.kind === 'scalar') return { kind: 'scalar', thousandths: a.thousandths + b.thousandths };
  if (a.kind === 'ranges' && b.kind === 'ranges')
    return { kind: 'ranges', ranges: normalRanges([...a.ranges, ...b.ranges]) };
  if (a.kind === 'set' && b.kind === 'set')
    return { kind: 'set', items: [...new Set([...a.items, ...b.items])].sort() };
  throw new Error(`invariant broken: a ${a.kind} and a ${b.kind} of one kind`);
}

/** The rest of `a` without `b`, or undefined when `a` does not hold `b`. */
function minus(a: Amount, b: Amount): Amount | undefined {
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    return a.thousandths >= b.thousandths ? { kind: 'scalar', thousandths: a.thousandths - b.thousandths } : undefined;
  }
  if (a.kind === 'ranges' && b.kind === 'ranges') {
    return holdsRanges(a.ranges, b.ranges) ? { kind: 'ranges', ranges: withoutRanges(a.ranges, b.ranges) } : undefined;
  }
  if (a.kind === 'set' && b.kind === 'set') {
    const held = b.items.every((item) => a.items.includes(item));
    return held ? { kind: 'set', items: a.items.filter((item) => !b.items.includes(item)) } : undefined;
  }
  return undefined;
}

/** What both amounts hold. */
function shared(a: Amount, b: Amount): Amount {
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    return { kind: 'scalar', thousandths: Math.min(a.thousandths, b.thousandths) };
  }
  if (a.kind === 'ranges' && b.kind === 'ranges') {
    return { kind: 'ranges', ranges: commonRanges(a.ranges, b.ranges) };
  }
  if (a.kind === 'set' && b.kind === 'set') {
    return { kind: 'set', items: a.items.filter((item) => b.items.includes(item)) };
  }
  throw new Error(`invariant broken: a ${a.kind} and a ${b.kind} of one kind`);
}

/** A resource of nothing: 0 cpus, no port. An operation on it aborts a real master (trace 22). */
export function isNothing(resource: Resource): boolean {
  if (resource.type === 'SCALAR') return thousandths(resource.scalar?.value ?? 0) <= 0;
  return isEmpty(amountOf(resource));
}

/** A bag with all these resources; equal kinds merge, empty ones vanish. */
export function bagOf(resources: readonly Resource[] = []): Bag {
  const bag: Bag = new Map();
  for (const resource of resources) {
    const amount = amountOf(resource);
    if (!isEmpty(amount)) put(bag, kindOf(resource), { sample: resource, amount });
  }
  return bag;
}

/** The kinds of what is given: its own, when it is a bag. */
function entriesOf(resources: Resources): ReadonlyMap<string, Entry> {
  return resources instanceof Map ? resources : bagOf(resources as readonly Resource[]);
}

function put(bag: Bag, kind: string, entry: Entry): void {
  const held = bag.get(kind);
  bag.set(kind, held ? { sample: held.sample, amount: plus(held.amount, entry.amount) } : entry);
}

export function add(bag: Bag, resources: Resources): void {
  for (const [kind, entry] of entriesOf(resources)) put(bag, kind, entry);
}

/** Whether the bag holds all of these together (two halves of one kind are asked for as one whole). */
export function contains(bag: Bag, resources: Resources): boolean {
  for (const [kind, wanted] of entriesOf(resources)) {
    const entry = bag.get(kind);
    const rest = entry && minus(entry.amount, wanted.amount);
    if (rest === undefined) return false;
    // A persistent volume or a mounted disk is given whole or not at all.
    if (entry && isAtomic(entry.sample) && !isEmpty(rest)) return false;
  }
  return true;
}

/** Whether a resource can only be taken whole: a persistent volume, a MOUNT disk. */
export function isAtomic(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined || resource.disk?.source?.type === 'MOUNT';
}

/** Takes these resources out of the bag, which must contain them. */
export function subtract(bag: Bag, resources: Resources): void {
  for (const [kind, wanted] of entriesOf(resources)) {
    const entry = bag.get(kind);
    const rest = entry && minus(entry.amount, wanted.amount);
    // Its text is made only when it is needed.
    if (!entry || rest === undefined)
      throw new Error(`subtracting ${JSON.stringify(wanted.sample)}, which is not there`);
    if (isEmpty(rest)) bag.delete(kind);
    else bag.set(kind, { sample: entry.sample, amount: rest });
  }
}

/** What both bags hold, kind by kind: a new bag. */
export function common(a: Bag, b: Bag): Bag {
  const both: Bag = new Map();
  for (const [kind, entry] of a) {
    const other = b.get(kind);
    const amount = other && shared(entry.amount, other.amount);
    if (amount && !isEmpty(amount)) both.set(kind, { sample: entry.sample, amount });
  }
  return both;
}

/** Thousandths of all kinds of one scalar together. */
export function sumOfScalar(bag: Bag, name: string): number {
  let sum = 0;
  for (const { sample, amount } of bag.values()) {
    if (sample.name === name && amount.kind === 'scalar') sum += amount.thousandths;
  }
  return sum;
}

/** The same resource with another amount. */
export function withAmount(sample: Resource, amount: Amount): Resource {
  switch (amount.kind) {
    case 'scalar':
      return { ...sample, scalar: { value: fromThousandths(amount.thousandths) } };
    case 'ranges':
      return { ...sample, ranges: { range: amount.ranges.map(({ begin, end }) => ({ begin, end })) } };
    case 'set':
      return { ...sample, set: { item: [...amount.items] } };
  }
}

/** The bag as resources, one a kind. */
export function resourcesOf(bag: Bag): Resource[] {
  return [...bag.values()].map((entry) => withAmount(entry.sample, entry.amount));
}

/** The label `key` of the reservation on top of a resource's stack, if it has one. */
export function reservationLabel(resource: Resource, key: string): string | undefined {
  const top = resource.reservations?.at(-1) ?? resource.reservation;
  return top?.labels?.labels?.find((label) => label.key === key)?.value;
}
