/** Offers by hand, and a shop whose launches are taken for done: what a test of the matcher is made of. */
import { boot } from '../../../runtime/core/boot.ts';
import { type Market, marketOf } from '../../../runtime/core/offer/market.ts';
import { type Match, match, type Placement, type Requirement } from '../../../runtime/core/offer/match.ts';
import { placed, placementView } from '../../../runtime/core/offer/placement-view.ts';
import { resourceIdOf, roleOf } from '../../../runtime/core/offer/reserved.ts';
import { defaultSettings, type Service } from '../../../runtime/core/state.ts';
import type { Offer, Range, Resource, TaskInfo, TaskState } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import type { PodSpec, ResourceSet, ServiceSpec } from '../../../runtime/spec/service.ts';
import { countingIds } from '../../simulation/ids.ts';
import { plainSet } from '../../support/plain.ts';
import { pod, service, task } from './service.ts';

export const ROLE = 'shop-role';
export const FRAMEWORK = 'framework';

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}

export function ports(...range: readonly Range[]): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range: [...range] } };
}

/** A mounted disk. */
export function mount(root: string, sizeMb: number, profile?: string): Resource {
  const source = { type: 'MOUNT' as const, mount: { root }, ...(profile ? { profile } : {}) };
  return { ...scalar('disk', sizeMb), disk: { source } };
}

/** As an agent keeps it for a role (trace 18). */
export function keptFor(role: string, resource: Resource): Resource {
  return { ...resource, reservations: [{ type: 'STATIC', role }] };
}

export const MACHINE = [
  scalar('cpus', 4),
  scalar('mem', 4096),
  scalar('disk', 10_000),
  ports({ begin: 1000, end: 1999 }),
];

export function offerOf(
  agent: string,
  resources: readonly Resource[] = MACHINE,
  role = ROLE,
  id = `offer-${agent}`,
): Offer {
  return {
    id: { value: id },
    framework_id: { value: FRAMEWORK },
    agent_id: { value: agent },
    hostname: agent,
    allocation_info: { role },
    resources: resources.map((resource) => ({ ...resource, allocation_info: { role } })),
  };
}

/** A pod of one task with this resource set. */
export function podOf(set: Partial<ResourceSet>, change: Partial<PodSpec> = {}): PodSpec {
  const resourceSet = { ...plainSet, id: 'server-set', cpus: 500, memoryMb: 128, ...set };
  return pod('data', { tasks: [task('server', { resourceSet })], ...change });
}

/** A service of this pod and the records of what was placed of it. */
export function openShop(first: PodSpec, who: Partial<ServiceSpec> = {}, settings = defaultSettings) {
  const spec = { ...service(first), ...who };
  const booted = boot({}, { ok: true, spec }, settings, 0, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  const shop = booted.state.services.get(spec.name) as Service;
  const newId = countingIds(9);

  /** As if every task of these infos had come to this state. */
  function record(infos: ReadonlyMap<string, TaskInfo>, state: TaskState): void {
    for (const [name, info] of infos) {
      const status = info.task_id.value === '' ? {} : { status: { task_id: info.task_id, state } };
      shop.tasks.set(name, { ...shop.tasks.get(name), info, ...status, progress: {} });
    }
  }

  return {
    service: shop,
    record,
    market: (offers: readonly Offer[], frameworkId = FRAMEWORK): Market =>
      marketOf(offers, new Set([spec.role, roleOf(spec, first)]), frameworkId),
    /** Looks for a place for an instance; all its tasks run once there is one. */
    place(market: Market, change: Partial<Requirement> = {}, frameworkId = FRAMEWORK): Match {
      const asked = change.pod ?? first;
      const tasks = asked.tasks.map(({ name }) => name);
      const requirement = { pod: asked, index: 0, tasks, spec, configId: shop.targetId, ...change };
      const placement = placementView(shop);
      const found = match(requirement, market, {
        settings,
        frameworkId,
        service: shop,
        placement,
        newId,
      });
      if (found.ok) {
        record(found.placement.infos, 'TASK_RUNNING');
        placed(placement, asked.type, requirement.index, found.placement.pool.offer);
      }
      return found;
    },
    /** These tasks, or all, are down. */
    ended(...names: readonly string[]): void {
      for (const [name, { info }] of shop.tasks) {
        if (names.length === 0 || names.includes(name)) record(new Map([[name, info]]), 'TASK_FAILED');
      }
    },
    /** What the records say is reserved, without what living tasks use. */
    reserved(): Resource[] {
      const found = new Map<string, Resource>();
      for (const { info, status } of shop.tasks.values()) {
        if (status?.state === 'TASK_RUNNING') continue;
        for (const resource of [...(info.resources ?? []), ...(info.executor?.resources ?? [])]) {
          found.set(resourceIdOf(resource) ?? '', resource);
        }
      }
      return [...found.values()];
    },
  };
}

/** Places one instance on these offers. */
export function placeOn(offers: readonly Offer[], asked: PodSpec): Match {
  const shop = openShop(asked);
  return shop.place(shop.market(offers));
}

export function placementOf(found: Match): Placement {
  if (!found.ok) throw new Error(`no place: ${whyNot(found).join('; ')}`);
  return found.placement;
}

/** `agent: need, wanted 4, had 2.5`, or nothing when there is a place. */
export function whyNot(found: Match): string[] {
  if (found.ok) return [];
  return found.reasons.map(({ agent, need, wanted, had }) => `${agent}: ${need}, wanted ${wanted}, had ${had}`);
}

/** `RESERVE cpus 0.5, disk 200 (data)`: what the operations name, launches by their tasks. */
export function shown(operations: readonly OfferOperation[]): string[] {
  return operations.map((operation) => {
    switch (operation.type) {
      case 'RESERVE':
        return `RESERVE ${textOf(operation.reserve.resources)}`;
      case 'UNRESERVE':
        return `UNRESERVE ${textOf(operation.unreserve.resources)}`;
      case 'CREATE':
        return `CREATE ${textOf(operation.create.volumes)}`;
      case 'DESTROY':
        return `DESTROY ${textOf(operation.destroy.volumes)}`;
      case 'LAUNCH_GROUP': {
        const [task] = operation.launch_group.task_group.tasks;
        return `LAUNCH ${task?.name}: ${textOf(task?.resources ?? [])}`;
      }
      default:
        return operation.type;
    }
  });
}

function textOf(resources: readonly Resource[]): string {
  return resources
    .map(({ name, scalar: amount, ranges, disk }) => {
      const numbers = ranges?.range?.map(({ begin, end }) => (begin === end ? begin : `${begin}-${end}`)).join(',');
      const where = disk?.source?.mount?.root ?? '';
      const path = disk?.volume ? ` (${disk.volume.container_path}${where && ` on ${where}`})` : where && ` (${where})`;
      return `${name} ${numbers ?? amount?.value}${path}`;
    })
    .join(', ');
}

/** What a pool has free, in a fixed order. */
export function freeText({ free }: Placement['pool']): string {
  return JSON.stringify(
    [...free]
      .sort()
      .map(([role, { scalars, ports: numbers, disks }]) => [
        role,
        [...scalars].filter(([, amount]) => amount > 0).sort(),
        numbers,
        disks.map((disk) => disk.disk?.source?.mount?.root),
      ]),
  );
}
