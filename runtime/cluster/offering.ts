/**
 * The life of an offer: made from an allotment, then accepted, declined, rescinded or dead with its subscription. Promises that
 * an offer is in the ledger exactly as long as it may be used.
 */
import type { Offer } from '../kit/mesos.ts';
import type { Filters } from '../kit/mesos-call.ts';
import { type Bag, resourcesOf } from '../kit/resources.ts';
import { type Allotment, allocate } from './allocator.ts';
import { addOffer, removeOffer } from './bookkeeping.ts';
import { addFilter } from './filter.ts';
import type { Agent, Framework, StandingOffer } from './ledger.ts';
import { allocated } from './resource-form.ts';
import { type Turn, tell } from './turn.ts';

/** Offers what can be offered of these agents now: one OFFERS event for each framework that gets something. */
export function makeOffers(turn: Turn, agents: readonly Agent[]): void {
  const { ledger } = turn;
  for (const agent of agents) ledger.stirred.delete(agent.id);
  const allotments = allocate(ledger, agents, turn.now, turn.settings.domain);
  for (const framework of ledger.frameworks.values()) {
    const own = allotments.filter((allotment) => allotment.frameworkId === framework.id);
    if (own.length === 0) continue;
    framework.turns += own.length;
    const offers = own.map((allotment) => standing(turn, framework, allotment).offer);
    tell(turn, framework, { type: 'OFFERS', offers: { offers } });
  }
}

function standing(turn: Turn, framework: Framework, { agentId, role, resources }: Allotment): StandingOffer {
  const { ledger } = turn;
  const agent = ledger.agents.get(agentId)!;
  const { info } = agent;
  const id = `${ledger.masterId}-O${ledger.nextOffer++}`;
  const executorIds = agent.executors
    .filter((executor) => executor.frameworkId === framework.id)
    .map((executor) => executor.info.executor_id);
  const offer: Offer = {
    id: { value: id },
    framework_id: { value: framework.id },
    agent_id: { value: agentId },
    hostname: info.hostname,
    url: { scheme: 'http', address: { hostname: info.hostname, ip: info.ip, port: info.port }, path: '/slave(1)' },
    ...(info.domain && { domain: info.domain }),
    resources: allocated(resourcesOf(resources), role),
    ...(info.attributes.length > 0 && { attributes: info.attributes }),
    ...(executorIds.length > 0 && { executor_ids: executorIds }),
    allocation_info: { role },
  };
  const made = { offer, frameworkId: framework.id, agentId, role, resources };
  addOffer(ledger, made);
  return made;
}

/** The framework's offers die without a word: at a failover, a disconnection, its end (trace 13). */
export function dropOffers(turn: Turn, framework: Framework): void {
  for (const offer of turn.ledger.offers.values()) {
    if (offer.frameworkId === framework.id) removeOffer(turn.ledger, offer);
  }
}

/** Takes an offer back and says so. */
export function rescind(turn: Turn, offer: StandingOffer): void {
  removeOffer(turn.ledger, offer);
  const framework = turn.ledger.frameworks.get(offer.frameworkId);
  if (framework) tell(turn, framework, { type: 'RESCIND', rescind: { offer_id: offer.offer.id } });
}

export function rescindAllOn(turn: Turn, agent: Agent): void {
  for (const offer of agent.offers) rescind(turn, offer);
}

/** Mesos' default for `refuse_seconds`, also for a negative one (trace 11). */
const REFUSE_SECONDS = 5;
const LONGEST_REFUSAL_SECONDS = 365 * 24 * 3600;

/**
 * Remembers that a framework refused this much of an agent. A filter outlives the next allocation, whatever it asks for; none
 * is set for 0 seconds (trace 11).
 */
export function refuse(
  turn: Turn,
  framework: Framework,
  role: string,
  agentId: string,
  refused: Bag,
  filters?: Filters,
) {
  const asked = filters?.refuse_seconds ?? REFUSE_SECONDS;
  const seconds = asked < 0 ? REFUSE_SECONDS : Math.min(asked, LONGEST_REFUSAL_SECONDS);
  if (seconds === 0 || refused.size === 0) return;
  const until = turn.now + Math.max(seconds * 1000, turn.settings.allocationIntervalMs);
  addFilter(framework.filters, { role, agentId, refused, until });
}

/** DECLINE: unknown offers are ignored (trace 10). */
export function decline(turn: Turn, framework: Framework, offerIds: readonly string[], filters?: Filters): void {
  for (const id of offerIds) {
    const offer = turn.ledger.offers.get(id);
    if (offer?.frameworkId !== framework.id) continue;
    removeOffer(turn.ledger, offer);
    refuse(turn, framework, offer.role, offer.agentId, offer.resources, filters);
  }
}
