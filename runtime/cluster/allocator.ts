/**
 * Who is offered what. Promises that what is allotted of an agent is exactly free there, that reserved resources go only to
 * their role, and that nothing goes to who is away, suppressed or filtered. It must never change the ledger.
 */
import type { DomainInfo, Resource } from '../kit/mesos.ts';
import { type Bag, sumOfScalar } from '../kit/resources.ts';
import { isFiltered } from './filter.ts';
import { type Agent, availableOn, type Framework, hasCapability, type Ledger, rolesOf } from './ledger.ts';
import { reservedRole } from './resource-form.ts';
import { type Shares, sharesOf } from './share.ts';

export interface Allotment {
  frameworkId: string;
  agentId: string;
  role: string;
  resources: Bag;
}

/** A framework in one of its roles. */
export interface Candidate {
  framework: Framework;
  role: string;
}

/** Offers of less cpus and less memory than this are not made (Mesos' default `--min_allocatable_resources`). */
const LEAST_CPUS = 10;
const LEAST_MEM = 32_000;

/** One round over these agents: each candidate in the order of its share takes all that it may have of an agent. */
export function allocate(
  ledger: Ledger,
  agents: readonly Agent[],
  now: number,
  domain: DomainInfo | undefined,
): Allotment[] {
  const candidates = candidatesOf(ledger);
  if (candidates.length === 0) return [];
  // Nobody to be compared with: shares cost a look at every agent and task.
  const shares = candidates.length > 1 ? sharesOf(ledger) : undefined;
  return agents
    .filter((agent) => agent.link !== undefined && !agent.deactivated)
    .flatMap((agent) => {
      const suited = candidates.filter(({ framework }) => isSuited(framework, agent, domain));
      return share(agent, suited, shares, now);
    });
}

function share(agent: Agent, candidates: Candidate[], shares: Shares | undefined, now: number): Allotment[] {
  const allotments: Allotment[] = [];
  const left = availableOn(agent);
  for (const candidate of shares ? candidates.sort(shares.compare) : candidates) {
    const { framework, role } = candidate;
    const taken: Bag = new Map([...left].filter(([, { sample }]) => isFor(sample, candidate)));
    if (!isWorthOffering(taken) || isFiltered(framework.filters, role, agent.id, taken, now)) continue;
    for (const kind of taken.keys()) left.delete(kind);
    shares?.count(candidate, taken);
    allotments.push({ frameworkId: framework.id, agentId: agent.id, role, resources: taken });
  }
  return allotments;
}

function candidatesOf(ledger: Ledger): Candidate[] {
  return [...ledger.frameworks.values()]
    .filter((framework) => framework.stream !== undefined)
    .flatMap((framework) => rolesOf(framework.info).map((role) => ({ framework, role })))
    .filter(({ framework, role }) => !framework.suppressed.has(role));
}

/**
 * Agents with GPUs are kept for those who know GPUs, and agents of a region other than the master's for those who know regions
 * (Mesos' defaults: `--filter_gpu_resources`, REGION_AWARE).
 */
function isSuited(framework: Framework, agent: Agent, domain: DomainInfo | undefined): boolean {
  const hasGpus = [...agent.total.values()].some(({ sample }) => sample.name === 'gpus');
  if (hasGpus && !hasCapability(framework, 'GPU_RESOURCES')) return false;
  const region = agent.info.domain?.fault_domain?.region.name;
  const isRemote = region !== undefined && domain !== undefined && region !== domain.fault_domain?.region.name;
  return !isRemote || hasCapability(framework, 'REGION_AWARE');
}

/** Reserved resources go to their role and to the roles below it (trace 18). */
function isFor(resource: Resource, { framework, role }: Candidate): boolean {
  const reserved = reservedRole(resource);
  if (reserved !== undefined && reserved !== role && !role.startsWith(`${reserved}/`)) return false;
  return (resource.reservations ?? []).length <= 1 || hasCapability(framework, 'RESERVATION_REFINEMENT');
}

function isWorthOffering(resources: Bag): boolean {
  return sumOfScalar(resources, 'cpus') >= LEAST_CPUS || sumOfScalar(resources, 'mem') >= LEAST_MEM;
}
