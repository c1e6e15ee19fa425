/** The last evaluations of steps against offers: as data of ours, and in the form that the field's tools know (http-api 9.1). */
import type { Evaluation, Evaluations } from '../../core/offer/evaluation.ts';
import type { Service, State } from '../../core/state.ts';
import { labelOf } from '../../core/tasks/record.ts';
import type { View } from '../route.ts';

/** What we found, need by need. */
export function offersBody({ newest, placed, refused, byNeed }: Evaluations) {
  return {
    placed,
    refused,
    needs: Object.fromEntries([...byNeed].sort(([a], [b]) => (a < b ? -1 : 1))),
    evaluations: newest.map(({ at, plan, step, outcome }) => ({
      at,
      plan,
      step,
      ...(outcome.kind === 'placed'
        ? { outcome: outcome.kind, agent: outcome.agent }
        : {
            outcome: outcome.kind,
            agents: outcome.why.agents,
            needs: outcome.why.needs,
            reasons: outcome.why.reasons.map(({ agent, need, wanted, had }) => ({ agent, need, wanted, had })),
          }),
    })),
  };
}

/** So many offers, the newest, oldest first. */
const NEWEST = 100;

/** Of the offers we keep the agent alone: that is what their text says. An agent that nothing tells the id of goes by its name. */
export function fieldOffersBody({ state, service }: View) {
  const { evaluations } = state.session;
  const ids = agentIds(state, service);
  const failureReasons = new Map<string, number>();
  for (const [need, count] of evaluations.byNeed) {
    failureReasons.set(stageOf(need), (failureReasons.get(stageOf(need)) ?? 0) + count);
  }
  return {
    acceptedCount: evaluations.placed,
    rejectedCount: evaluations.refused,
    failureReasons: Object.fromEntries(failureReasons),
    rejectedAgents: Object.fromEntries([...evaluations.byAgent].map(([host, count]) => [ids.get(host) ?? host, count])),
    offers: evaluations.newest.flatMap(fieldOffers).slice(-NEWEST),
  };
}

function agentIds(state: State, service: Service): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { info } of service.tasks.values()) {
    const host = labelOf(info, 'offer_hostname');
    if (host !== undefined) ids.set(host, info.agent_id.value);
  }
  for (const { offer } of state.session.offers.values()) ids.set(offer.hostname, offer.agent_id.value);
  return ids;
}

function fieldOffers({ at, step, outcome }: Evaluation) {
  const entry = (agent: string, passed: boolean, explanation: readonly string[]) => ({
    timestamp: at,
    'pod-instance-name': step,
    outcome: passed ? 'pass' : 'fail',
    explanation,
    offer: `hostname: ${JSON.stringify(agent)}`,
  });
  if (outcome.kind === 'placed')
    return [entry(outcome.agent, true, [`PASS(OfferEvaluator): placed on ${outcome.agent}`])];
  const byAgent = new Map<string, string[]>();
  for (const { agent, need, wanted, had } of outcome.why.reasons) {
    const line = `FAIL(${stageOf(need)}): ${need}: wanted ${wanted}, had ${had}`;
    byAgent.set(agent, [...(byAgent.get(agent) ?? []), line]);
  }
  return [...byAgent].map(([agent, explanation]) => entry(agent, false, explanation));
}

/** The part of the field's scheduler that would have failed. */
function stageOf(need: string): string {
  if (need.startsWith('placement ')) return 'PlacementRuleEvaluationStage';
  if (need.startsWith('port')) return 'PortEvaluationStage';
  if (need.includes('volume')) return 'VolumeEvaluationStage';
  if (need.includes('executor')) return 'ExecutorEvaluationStage';
  return 'ResourceEvaluationStage';
}
