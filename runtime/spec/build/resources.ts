/** What a checked definition reserves, in the units of the core. Promises whole thousandths and MB; never invents a resource. */
import { assert } from '../../kit/assert.ts';
import { thousandths } from '../../kit/resources.ts';
import type {
  PortDefinition,
  ResourceLimitsDefinition,
  ResourceSetDefinition,
  VolumeDefinition,
} from '../definition.ts';
import { labelsIn } from '../pairs.ts';
import type { PortSpec, ResourceLimits, ResourceSet, VolumeSpec } from '../service.ts';

export function resourceSetOf(id: string, resources: ResourceSetDefinition): ResourceSet {
  return {
    id,
    cpus: thousandths(resources.cpus ?? 0),
    gpus: thousandths(resources.gpus ?? 0),
    memoryMb: resources.memory ?? 0,
    ports: Object.entries(resources.ports ?? {}).map(([name, port]) => portOf(name, port)),
    volumes: volumesOf(resources),
    limits: limitsOf(resources['resource-limits'] ?? {}),
  };
}

/** `volume` comes before `volumes`. */
export function volumesOf(holder: Pick<ResourceSetDefinition, 'volume' | 'volumes'>): VolumeSpec[] {
  const single = holder.volume ? [holder.volume] : [];
  return [...single, ...Object.values(holder.volumes ?? {})].map(volumeOf);
}

/** Labels of a task or a network. */
export function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels = labelsIn(text);
  assert(labels.ok, 'labels that were checked');
  return labels.pairs;
}

function volumeOf({ type, path, size, profiles }: VolumeDefinition): VolumeSpec {
  return type === 'ROOT'
    ? { type, containerPath: path, sizeMb: size }
    : { type, containerPath: path, sizeMb: size, profiles: [...profiles] };
}

function limitsOf({ cpus, memory }: ResourceLimitsDefinition): ResourceLimits {
  const [most, mostMemory] = [limitOf(cpus), limitOf(memory)];
  return {
    ...(most === undefined ? {} : { cpus: most === 'unlimited' ? most : thousandths(most) }),
    ...(mostMemory === undefined ? {} : { memoryMb: mostMemory }),
  };
}

function limitOf(text = ''): number | 'unlimited' | undefined {
  const word = text.trim();
  if (word === '') return undefined;
  return word === 'unlimited' ? word : Number(word);
}

function portOf(name: string, { port, advertise, vip, ranges, ...definition }: PortDefinition): PortSpec {
  return {
    name,
    port,
    ...(definition['env-key'] ? { envKey: definition['env-key'] } : {}),
    advertise,
    ...(vip ? { vip: { name: vip.prefix || name, port: vip.port } } : {}),
    ranges: ranges.map(({ begin, end }) => ({ begin, end: end === 0 ? 65535 : end })),
  };
}
