/**
 * Who is offered what. Promises that what is allotted of an agent is exactly free there, that reserved resources go only to
 * their role, and that nothing goes to who is away, suppressed or filtered. It must never change the ledger.
 */
import type { Resource } from '../kit/mesos.ts';
import { add, type Bag, bagOf, contains, resourcesOf, subtract } from '../kit/resources.ts';
import { type Agent, availableOn, type Framework, hasCapability, holdings, type Ledger, rolesOf } from './ledger.ts';
import { reservedRole, scalarOf } from './resource-form.ts';

export interface Allotment {
  frameworkId: string;
  agentId: string;
  role: string;
  resources: Resource[];
}

interface Candidate {
  framework: Framework;
  role: string;
}

/** Offers of less cpus and less memory than this are not made (Mesos' default `--min_allocatable_resources`). */
const LEAST_CPUS = 10;
const LEAST_MEM = 32_000;

/** One round over these agents: each candidate in the order of its share takes all that it may have of an agent. */
export function allocate(ledger: Ledger, agents: readonly Agent[], now: number): Allotment[] {
  const candidates = candidatesOf(ledger);
  if (candidates.length === 0) return [];
  const shares = sharesOf(ledger);
  const allotments: Allotment[] = [];
  for (const agent of agents) {
    if (agent.link === undefined) continue;
    const left = availableOn(ledger, agent);
    for (const candidate of [...candidates].sort((a, b) => shares.compare(a, b))) {
      const resources = resourcesOf(left).filter((resource) => isFor(resource, candidate));
      if (!isWorthOffering(resources) || isFiltered(candidate, agent.id, resources, now)) continue;
      subtract(left, resources);
      shares.count(candidate, resources);
      const { framework, role } = candidate;
      allotments.push({ frameworkId: framework.id, agentId: agent.id, role, resources });
    }
  }
  return allotments;
}

function candidatesOf(ledger: Ledger): Candidate[] {
  return [...ledger.frameworks.values()]
    .filter((framework) => framework.stream !== undefined)
    .flatMap((framework) => rolesOf(framework.info).map((role) => ({ framework, role })))
    .filter(({ framework, role }) => !framework.suppressed.has(role));
}

/** Reserved resources go to their role and to the roles below it (trace 18). */
function isFor(resource: Resource, { framework, role }: Candidate): boolean {
  const reserved = reservedRole(resource);
  if (reserved !== undefined && reserved !== role && !role.startsWith(`${reserved}/`)) return false;
  return (resource.reservations ?? []).length <= 1 || hasCapability(framework, 'RESERVATION_REFINEMENT');
}

function isWorthOffering(resources: readonly Resource[]): boolean {
  return scalarOf(resources, 'cpus') >= LEAST_CPUS || scalarOf(resources, 'mem') >= LEAST_MEM;
}

/** A filter holds for what was refused and for less, never for more (trace 11). */
function isFiltered(candidate: Candidate, agentId: string, resources: readonly Resource[], now: number): boolean {
  return candidate.framework.filters.some(
    (filter) =>
      filter.role === candidate.role &&
      filter.agentId === agentId &&
      filter.until > now &&
      contains(filter.refused, resources),
  );
}

/**
 * Dominant resource fairness, in two levels as in Mesos: the role with the smallest dominant share goes first, in it the
 * framework with the smallest; among equals the one that was offered least often.
 */
function sharesOf(ledger: Ledger) {
  const total = bagOf([...ledger.agents.values()].flatMap((agent) => resourcesOf(agent.total)));
  const held = new Map<string, Bag>();
  const turns = new Map<Framework, number>();
  const hold = (key: string, resources: readonly Resource[]) => {
    const bag = held.get(key) ?? new Map();
    held.set(key, bag);
    add(bag, resources);
  };
  const holdFor = (frameworkId: string, role: string, resources: readonly Resource[]) => {
    hold(role, resources);
    hold(`${role} ${frameworkId}`, resources);
  };
  for (const agent of ledger.agents.values()) {
    for (const holder of holdings(ledger, agent)) holdFor(holder.frameworkId, holder.role, holder.resources);
  }
  for (const offer of ledger.offers.values()) holdFor(offer.frameworkId, offer.role, offer.resources);

  const whole = resourcesOf(total);
  const dominant = (key: string) => {
    const bag = held.get(key);
    if (!bag) return 0;
    const own = resourcesOf(bag);
    return Math.max(...['cpus', 'mem', 'disk'].map((name) => scalarOf(own, name) / (scalarOf(whole, name) || 1)));
  };
  const turnsOf = (framework: Framework) => framework.turns + (turns.get(framework) ?? 0);
  return {
    compare: (a: Candidate, b: Candidate) =>
      dominant(a.role) - dominant(b.role) ||
      dominant(`${a.role} ${a.framework.id}`) - dominant(`${b.role} ${b.framework.id}`) ||
      turnsOf(a.framework) - turnsOf(b.framework),
    count: ({ framework, role }: Candidate, resources: readonly Resource[]) => {
      holdFor(framework.id, role, resources);
      turns.set(framework, (turns.get(framework) ?? 0) + 1);
    },
  };
}
