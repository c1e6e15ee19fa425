/**
 * RESERVE, UNRESERVE, CREATE and DESTROY: what each takes and gives, and what Mesos refuses, in its words (trace 10). Promises
 * rules only: master and agent apply the same conversion to their own books.
 */
import type { Resource } from '../kit/mesos.ts';
import type { OfferOperation } from '../kit/mesos-call.ts';
import { add, type Bag, bagOf, contains, resourcesOf, subtract } from '../kit/resources.ts';
import { idMistake } from './identifier.ts';
import { bare, formMistake, plainDisk, reservedRole, unreserved } from './resource-form.ts';
import { textOf } from './resource-text.ts';

/** An operation that changes what an agent's resources are, not who uses them. */
export type Conversion = Extract<OfferOperation, { type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY' }>;

/** Where an operation is tried. */
export interface Scene {
  /** The role that the offers are allocated to. */
  role: string;
  principal?: string;
  /** What is left of the offers at this point of the ACCEPT. */
  left: Bag;
  /** All that the agent has. */
  total: Bag;
  /** What live tasks use on the agent. */
  used: () => Bag;
  /** How messages name the agent: `<id> at slave(1)@<ip>:<port> (<hostname>)`. */
  agent: string;
}

/** Whether an operation has the body of its type; one without, or of a type unknown to us, passes in silence (trace 22). */
export function isWhole(operation: OfferOperation): boolean {
  return operation.type !== undefined && operation.type.toLowerCase() in operation;
}

/** The resources or volumes named by an operation, as they were sent. */
export function namedBy(operation: Conversion): Resource[] {
  switch (operation.type) {
    case 'RESERVE':
      return operation.reserve.resources;
    case 'UNRESERVE':
      return operation.unreserve.resources;
    case 'CREATE':
      return operation.create.volumes;
    case 'DESTROY':
      return operation.destroy.volumes;
  }
}

/** What an operation takes from an agent's resources and what it gives for it: always the same amounts. */
export interface Exchange {
  readonly taken: Bag;
  readonly given: Bag;
}

/** Throws on a resource that is malformed. */
export function conversionOf(operation: Conversion): Exchange {
  const known = exchanges.get(operation);
  if (known) return known;
  const made = workOut(operation);
  exchanges.set(operation, made);
  return made;
}

/** Neither is ever changed, and what the master has worked out its agent asks for again. */
const exchanges = new WeakMap<Conversion, Exchange>();

function workOut(operation: Conversion): Exchange {
  const named = namedBy(operation).map(bare);
  const whole = bagOf(named);
  switch (operation.type) {
    case 'RESERVE':
      return { taken: bagOf(named.map(unreserved)), given: whole };
    case 'UNRESERVE':
      return { taken: whole, given: bagOf(named.map(unreserved)) };
    case 'CREATE':
      return { taken: bagOf(named.map(plainDisk)), given: whole };
    case 'DESTROY':
      return { taken: whole, given: bagOf(named.map(plainDisk)) };
  }
}

/** Converts a bag, which must hold what is taken. */
export function exchange(bag: Bag, { taken, given }: Exchange): void {
  subtract(bag, taken);
  add(bag, given);
}

/** The operation as the agent gets it: resources without allocation. */
export function bareOperation(operation: Conversion): Conversion {
  if (namedBy(operation).every((resource) => bare(resource) === resource)) return operation;
  switch (operation.type) {
    case 'RESERVE':
      return { ...operation, reserve: { resources: operation.reserve.resources.map(bare) } };
    case 'UNRESERVE':
      return { ...operation, unreserve: { resources: operation.unreserve.resources.map(bare) } };
    case 'CREATE':
      return { ...operation, create: { volumes: operation.create.volumes.map(bare) } };
    case 'DESTROY':
      return { ...operation, destroy: { volumes: operation.destroy.volumes.map(bare) } };
  }
}

/** Why the master refuses an operation, or undefined when it can be applied. */
export function refusalOf(operation: Conversion, scene: Scene): string | undefined {
  const named = namedBy(operation);
  const malformed = named.map(formMistake).find((mistake) => mistake !== undefined);
  if (malformed) return `Operation attempted with invalid resources: ${malformed}`;

  const broken = named.length === 0 ? NO_RESOURCES : RULES[operation.type](named, scene);
  if (broken) return `${broken}; on agent ${scene.agent}`;

  const { taken } = conversionOf(operation);
  if (contains(scene.left, taken)) return undefined;
  return `${textOf(resourcesOf(scene.left), scene.role)} does not contain ${textOf(resourcesOf(taken), scene.role)}`;
}

const NO_RESOURCES = 'Invalid resources: The resources have multiple resource providers: ';

/** The first mistake that a check finds in a list. */
function first(resources: readonly Resource[], check: (resource: Resource) => string | undefined): string | undefined {
  for (const resource of resources) {
    const mistake = check(resource);
    if (mistake) return mistake;
  }
  return undefined;
}

const RULES: Record<Conversion['type'], (named: readonly Resource[], scene: Scene) => string | undefined> = {
  RESERVE: (named, scene) =>
    first(named, (sent) => {
      const resource = bare(sent);
      if (!isDynamic(resource)) return notDynamic(resource, scene.role);
      const role = reservedRole(resource);
      const allocatedTo = sent.allocation_info?.role ?? scene.role;
      if (role !== allocatedTo || allocatedTo !== scene.role) {
        return `A reserve operation was attempted for a resource with role '${role}', but the resource was allocated to role '${allocatedTo}'`;
      }
      return reservingPrincipal(resource, scene.principal);
    }),
  UNRESERVE: (named, scene) =>
    first(named, (sent) => {
      const resource = bare(sent);
      if (!isDynamic(resource)) return notDynamic(resource, scene.role);
      if (!resource.disk?.persistence) return undefined;
      return `A dynamically reserved persistent volume ${textOf([resource], scene.role)} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
    }),
  CREATE: (named, scene) => {
    const volumes = named.map(bare);
    return (
      first(volumes, volumeMistake) ??
      first(volumes, (volume) => takenPersistenceId(volume, scene)) ??
      first(volumes, (volume) => creatingPrincipal(volume, scene.principal))
    );
  },
  DESTROY: (named, scene) => {
    const volumes = named.map(bare);
    if (!contains(scene.total, volumes)) return 'Persistent volumes not found';
    const inUse = new Set([...scene.used().values()].map(({ sample }) => sample.disk?.persistence?.id).filter(Boolean));
    return volumes.some((volume) => inUse.has(volume.disk?.persistence?.id)) ? 'Persistent volumes in use' : undefined;
  },
};

function isDynamic(resource: Resource): boolean {
  return resource.reservations?.at(-1)?.type === 'DYNAMIC';
}

function notDynamic(resource: Resource, role: string): string {
  return `Resource ${textOf([resource], role)} is not dynamically reserved`;
}

function reservingPrincipal(resource: Resource, principal: string | undefined): string | undefined {
  const stated = resource.reservations?.at(-1)?.principal;
  if (principal === undefined || stated === principal) return undefined;
  return stated === undefined
    ? `A reserve operation was attempted by principal '${principal}', but there is a reserved resource in the request with no principal set`
    : `A reserve operation was attempted by authenticated principal '${principal}', which does not match a reserved resource in the request with principal '${stated}'`;
}

function creatingPrincipal(volume: Resource, principal: string | undefined): string | undefined {
  const stated = volume.disk?.persistence?.principal;
  if (principal === undefined || stated === principal) return undefined;
  return stated === undefined
    ? `Create volume operation attempted by principal '${principal}', but there is a volume in the operation with no principal set in 'disk.persistence'`
    : `Create volume operation attempted by authenticated principal '${principal}', which does not match a volume in the operation with principal '${stated}' set in 'disk.persistence'`;
}

function volumeMistake(resource: Resource): string | undefined {
  const { persistence, volume } = resource.disk ?? {};
  const invalid = (what: string) => `Invalid resources: Invalid DiskInfo: ${what}`;
  if (!persistence) {
    return volume ? invalid('Non-persistent volume not supported') : `Not a persistent volume: ${textOf([resource])}`;
  }
  if (reservedRole(resource) === undefined) {
    return invalid('Persistent volumes cannot be created from unreserved resources');
  }
  if (!volume) return invalid("Expecting 'volume' to be set for persistent volume");
  if (volume.host_path !== undefined) return invalid("Expecting 'host_path' to be unset for persistent volume");
  const odd = idMistake(persistence.id);
  if (odd) return invalid(`Invalid persistence ID for persistent volume: ${odd}`);
  return volume.mode === 'RW' ? undefined : 'Not a persistent volume: Read-only persistent volume not supported';
}

function takenPersistenceId(volume: Resource, scene: Scene): string | undefined {
  const id = volume.disk?.persistence?.id;
  const taken = [...scene.total.values()].some(
    ({ sample }) => sample.disk?.persistence?.id === id && reservedRole(sample) === reservedRole(volume),
  );
  return taken ? `Persistence ID '${id}' is not unique` : undefined;
}
