/**
 * What is reserved, in the stored service spec (svc-yml 4.11), both ways: resource sets, ports and volumes. Promises the values
 * of the definition; who reserves them is repeated on each, as upstream does, and read past.
 */
import { fromThousandths, thousandths } from '../../kit/resources.ts';
import type { PortSpec, ResourceLimits, ResourceSet, VolumeSpec } from '../service.ts';

/** The pre-reserved role of what is not reserved before. */
export const ANY_ROLE = '*';

/** Who reserves, under which role. */
export type Owner = Readonly<Record<'role' | 'pre-reserved-role' | 'principal', string>>;

export interface StoredResourceSet extends Partial<Owner> {
  id: string;
  'resource-specifications': StoredResource[];
  'volume-specifications': StoredVolume[];
  'resource-limits'?: StoredLimits | null;
}

interface Scalar {
  type?: 'SCALAR';
  scalar: { value: number };
}

interface Ranges {
  type?: 'RANGES';
  ranges?: { range?: { begin: number; end: number }[] };
}

interface StoredResource extends Partial<Owner> {
  '@type': 'DefaultResourceSpec' | 'PortSpec' | 'NamedVIPSpec';
  name: string;
  value: Scalar | Ranges;
}

interface StoredPort extends StoredResource {
  value: Ranges;
  'port-name': string;
  'env-key': string | null;
  visibility: string;
  'network-names'?: string[] | null;
  ranges?: { begin: number; end: number }[] | null;
  protocol?: 'tcp';
  'vip-name'?: string;
  'vip-port'?: number;
}

export interface StoredVolume extends Partial<Owner> {
  '@type': 'DefaultVolumeSpec';
  type: string;
  'container-path': string;
  profiles?: string[] | null;
  name: 'disk';
  value: Scalar;
}

/** Upstream writes an endless limit as the number that it is in Java. */
type StoredLimit = number | 'unlimited' | 'Infinity' | null;

interface StoredLimits {
  cpus?: StoredLimit;
  memory?: StoredLimit;
}

/** `networkNames`: those of the pod, on each of its ports. */
export function storedResourceSet(set: ResourceSet, owner: Owner, networkNames: readonly string[]): StoredResourceSet {
  return {
    id: set.id,
    'resource-specifications': [
      ...(set.cpus > 0 ? [storedScalar('cpus', fromThousandths(set.cpus), owner)] : []),
      ...(set.gpus > 0 ? [storedScalar('gpus', fromThousandths(set.gpus), owner)] : []),
      ...(set.memoryMb > 0 ? [storedScalar('mem', set.memoryMb, owner)] : []),
      ...set.ports.map((port) => storedPort(port, owner, networkNames)),
    ],
    'volume-specifications': set.volumes.map((volume) => storedVolume(volume, owner)),
    ...owner,
    'resource-limits': storedLimits(set.limits),
  };
}

export function resourceSetFrom(set: StoredResourceSet): ResourceSet {
  const resources = set['resource-specifications'];
  const amount = (name: string) => {
    const value = resources.find((resource) => resource.name === name)?.value;
    return value && 'scalar' in value ? value.scalar.value : 0;
  };
  return {
    id: set.id,
    cpus: thousandths(amount('cpus')),
    gpus: thousandths(amount('gpus')),
    memoryMb: amount('mem'),
    ports: resources.filter(isPort).map(portFrom),
    volumes: set['volume-specifications'].map(volumeFrom),
    limits: limitsFrom(set['resource-limits'] ?? {}),
  };
}

export function storedVolume(volume: VolumeSpec, owner: Owner): StoredVolume {
  return {
    '@type': 'DefaultVolumeSpec',
    type: volume.type,
    'container-path': volume.containerPath,
    profiles: volume.type === 'MOUNT' ? [...volume.profiles] : [],
    name: 'disk',
    value: scalar(volume.sizeMb),
    ...owner,
  };
}

export function volumeFrom(volume: StoredVolume): VolumeSpec {
  const { type } = volume;
  const size = { containerPath: volume['container-path'], sizeMb: volume.value.scalar.value };
  if (type === 'ROOT') return { type, ...size };
  if (type === 'MOUNT') return { type, ...size, profiles: [...(volume.profiles ?? [])] };
  throw new Error(`this version cannot read the volume type ${type}`);
}

function storedScalar(name: string, value: number, owner: Owner): StoredResource {
  return { '@type': 'DefaultResourceSpec', name, value: scalar(value), ...owner };
}

function scalar(value: number): Scalar {
  return { type: 'SCALAR', scalar: { value } };
}

function storedPort(port: PortSpec, owner: Owner, networkNames: readonly string[]): StoredPort {
  const { vip } = port;
  return {
    '@type': vip ? 'NamedVIPSpec' : 'PortSpec',
    name: 'ports',
    value: { type: 'RANGES', ranges: { range: [{ begin: port.port, end: port.port }] } },
    ...owner,
    'port-name': port.name,
    'env-key': port.envKey ?? null,
    visibility: port.advertise ? 'EXTERNAL' : 'CLUSTER',
    'network-names': [...networkNames],
    ranges: port.ranges.map(({ begin, end }) => ({ begin, end })),
    ...(vip ? { protocol: 'tcp', 'vip-name': vip.name, 'vip-port': vip.port } : {}),
  };
}

function isPort(resource: StoredResource): resource is StoredPort {
  return 'port-name' in resource;
}

function portFrom(port: StoredPort): PortSpec {
  const { 'env-key': envKey, 'vip-name': name, 'vip-port': vipPort = 0 } = port;
  return {
    name: port['port-name'],
    port: port.value.ranges?.range?.[0]?.begin ?? 0,
    ...(envKey ? { envKey } : {}),
    advertise: port.visibility === 'EXTERNAL',
    ...(name === undefined ? {} : { vip: { name, port: vipPort } }),
    ranges: (port.ranges ?? []).map(({ begin, end }) => ({ begin, end })),
  };
}

function storedLimits({ cpus, memoryMb }: ResourceLimits): StoredLimits {
  return {
    ...(cpus === undefined ? {} : { cpus: cpus === 'unlimited' ? cpus : fromThousandths(cpus) }),
    ...(memoryMb === undefined ? {} : { memory: memoryMb }),
  };
}

function limitsFrom(limits: StoredLimits): ResourceLimits {
  const [cpus, memoryMb] = [limitFrom(limits.cpus), limitFrom(limits.memory)];
  return {
    ...(cpus === undefined ? {} : { cpus: cpus === 'unlimited' ? cpus : thousandths(cpus) }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
  };
}

function limitFrom(limit: StoredLimit | undefined): number | 'unlimited' | undefined {
  return limit === 'Infinity' ? 'unlimited' : (limit ?? undefined);
}
