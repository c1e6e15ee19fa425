/**
 * Rules between the fields of a service and between its pods (svc-yml sections 3 and 6.2). Promises every mistake, each at the
 * pointer of the value to change; never repeats what the schema found.
 */
import { Mistake } from '../catalogue.ts';
import type { Definition } from '../definition.ts';
import { suggester } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import type { SoundPart } from '../sound.ts';
import { type Objection, repeats } from './objection.ts';
import { planObjections } from './plans.ts';
import { podObjections } from './pod.ts';
import { reservedBy } from './resources.ts';

/** Everything that speaks against the sound part of a definition. */
export function objections(service: SoundPart): Objection[] {
  const suggest = suggester();
  const length = service.name.replaceAll('/', '').length;
  return [
    ...(length > 63 ? [{ finding: Mistake.LongServiceName(String(length)), pointer: '/name' }] : []),
    ...ambiguousPods(Object.keys(service.pods)),
    ...repeatedEndpoints(service.pods),
    ...repeatedPrefixes(service.pods),
    ...Object.entries(service.pods).flatMap(([type, pod]) => podObjections(type, pod, suggest)),
    ...planObjections(service, suggest),
  ];
}

/** Task `0-b` of pod `a` and task `b` of pod `a-0` would both be called a-0-0-b. */
function ambiguousPods(types: readonly string[]): Objection[] {
  const known = new Set(types);
  return types.flatMap((type) =>
    [...type.matchAll(/-\d+(?=-|$)/g)]
      .map((match) => type.slice(0, match.index))
      .filter((other) => known.has(other))
      .map((other) => ({
        finding: Mistake.PodReadsAsInstance(type, other),
        pointer: pointerTo('pods', type),
        ofKey: true,
      })),
  );
}

/** An advertised port is an endpoint of the service, whichever pod has it. */
function repeatedEndpoints(pods: Definition['pods']): Objection[] {
  const advertised = Object.entries(pods)
    .flatMap(([type, pod]) => reservedBy(type, pod))
    .flatMap(({ resources, pointer }) =>
      Object.entries(resources.ports ?? {})
        .filter(([, port]) => port.advertise)
        .map(([name]) => ({ name, pointer: pointer + pointerTo('ports', name) })),
    );
  return repeats(
    advertised,
    ({ name }) => name,
    ({ name, pointer }) => ({ finding: Mistake.DuplicateAdvertisedPort(name), pointer, ofKey: true }),
  );
}

/** Instances of two pods would have one DNS name. Tasks of one pod may share a prefix: they take turns. */
function repeatedPrefixes(pods: Definition['pods']): Objection[] {
  const owners = new Map<string, string>();
  const found: Objection[] = [];
  for (const [type, pod] of Object.entries(pods)) {
    for (const [name, task] of Object.entries(pod.tasks)) {
      const prefix = task.discovery?.prefix;
      if (!prefix) continue;
      const owner = owners.get(prefix) ?? type;
      owners.set(prefix, owner);
      if (owner === type) continue;
      const pointer = pointerTo('pods', type, 'tasks', name, 'discovery', 'prefix');
      found.push({ finding: Mistake.DuplicatePrefix(prefix, owner), pointer });
    }
  }
  return found;
}
