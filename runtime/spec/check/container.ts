/** Rules of networks and limits of the system. Promises the pairs that Mesos wants whole; never looks at ports of tasks. */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition } from '../definition.ts';
import { labelsIn } from '../pairs.ts';
import { dotted, pointerTo } from '../pointer.ts';
import type { Objection } from './objection.ts';
import { pairObjections } from './pairs.ts';

/** The only network that maps ports of the agent to ports of the container. */
const MAPS_PORTS = 'mesos-bridge';

export function networkObjections(networks: PodDefinition['networks'], pod: string): Objection[] {
  return Object.entries(networks).flatMap(([name, network]) => {
    const pointer = pod + pointerTo('networks', name);
    const [host, container] = [network['host-ports'].length, network['container-ports'].length];
    const first = host > 0 ? 'host-ports' : 'container-ports';
    const found: Objection[] = pairObjections(labelsIn(network.labels), `${pointer}/labels`);
    if (host + container > 0 && name !== MAPS_PORTS) {
      found.push({ finding: Mistake.NoPortMapping(name), pointer: `${pointer}/${first}`, ofKey: true });
    } else if (host !== container) {
      const finding = Mistake.UnequalPorts(dotted(pointer), String(host), String(container));
      found.push({ finding, pointer: `${pointer}/${first}`, ofKey: true });
    }
    return found;
  });
}

export function rlimitObjections(rlimits: PodDefinition['rlimits'], pod: string): Objection[] {
  return Object.entries(rlimits).flatMap(([name, { soft, hard }]): Objection[] => {
    const pointer = pod + pointerTo('rlimits', name);
    if (soft === undefined && hard === undefined) return [];
    if (soft === undefined || hard === undefined) {
      const [there, missing] = soft === undefined ? ['hard', 'soft'] : ['soft', 'hard'];
      return [
        { finding: Mistake.HalfLimit(dotted(pointer), there, missing), pointer: `${pointer}/${there}`, ofKey: true },
      ];
    }
    // No limit is the highest of all.
    const above = soft === -1 ? hard !== -1 : hard !== -1 && soft > hard;
    const oneUnlimited = (soft === -1) !== (hard === -1);
    if (!above && !oneUnlimited) return [];
    return [{ finding: Mistake.UnequalLimits(dotted(pointer)), pointer: `${pointer}/soft` }];
  });
}
