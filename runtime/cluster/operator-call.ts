/**
 * The operator API, `POST /api/v1`: the calls that a laptop needs, `agent gone` before all. Promises one answer a call, always
 * after what the call causes was said; it knows nothing of schedulers.
 */
import type { Id, Resource } from '../kit/mesos.ts';
import { resourcesOf } from '../kit/resources.ts';
import { markGone, setActive } from './departure.ts';
import { type Agent, type Ledger, sumOf, usedOn } from './ledger.ts';
import type { MasterInput } from './master-port.ts';
import { VERSION } from './subscription.ts';
import type { Turn } from './turn.ts';

/** Of `mesos.v1.master.Call`; as any of them may be malformed, nothing is taken for granted. */
export interface OperatorCall {
  type?: string;
  mark_agent_gone?: AgentNamed;
  deactivate_agent?: AgentNamed;
  reactivate_agent?: AgentNamed;
}

interface AgentNamed {
  agent_id?: Partial<Id>;
}

interface Answer {
  status: number;
  body?: string;
  json?: unknown;
}

export function onOperatorCall(turn: Turn, { connection, call }: Extract<MasterInput, { kind: 'operator' }>): void {
  turn.say({ kind: 'answer', connection, ...answerTo(turn, call) });
}

function answerTo(turn: Turn, call: OperatorCall): Answer {
  switch (call.type) {
    case 'GET_AGENTS':
      return { status: 200, json: { type: call.type, get_agents: agentsView(turn.ledger) } };
    case 'MARK_AGENT_GONE': {
      const id = call.mark_agent_gone?.agent_id?.value;
      if (id === undefined) return missing('mark_agent_gone');
      return markGone(turn, id) ? { status: 200 } : { status: 404, body: 'Agent not found' };
    }
    case 'DEACTIVATE_AGENT':
      return activity(turn, 'deactivate_agent', call.deactivate_agent, false);
    case 'REACTIVATE_AGENT':
      return activity(turn, 'reactivate_agent', call.reactivate_agent, true);
    case undefined:
      return { status: 400, body: "Failed to validate master::Call: Expecting 'type' to be present" };
    default:
      return { status: 501, body: `The embedded master does not answer ${call.type}` };
  }
}

function activity(turn: Turn, field: string, named: AgentNamed | undefined, active: boolean): Answer {
  const id = named?.agent_id?.value;
  if (id === undefined) return missing(field);
  const agent = turn.ledger.agents.get(id);
  if (!agent) return { status: 404, body: 'Agent not found' };
  setActive(turn, agent, active);
  return { status: 200 };
}

function missing(field: string): Answer {
  return { status: 400, body: `Failed to validate master::Call: Expecting '${field}' to be present` };
}

function agentsView(ledger: Ledger): Record<string, unknown> {
  return {
    agents: [...ledger.agents.values()].map(agentView),
    recovered_agents: [...ledger.recovering].map((id) => ({ id: { value: id } })),
  };
}

function agentView(agent: Agent): Record<string, unknown> {
  const { id, info } = agent;
  const { hostname, port, resources, attributes, domain } = info;
  return {
    agent_info: { hostname, port, resources, attributes, id: { value: id }, ...(domain && { domain }) },
    active: agent.link !== undefined && !agent.deactivated,
    deactivated: agent.deactivated,
    version: VERSION,
    pid: `slave(1)@${info.ip}:${port}`,
    registered_time: { nanoseconds: agent.registeredAt * 1e6 },
    total_resources: resourcesOf(agent.total).map(formatted),
    allocated_resources: resourcesOf(usedOn(agent)).map(formatted),
    offered_resources: resourcesOf(sumOf([...agent.offers])).map(formatted),
  };
}

/** Endpoints name the role of what nobody reserved. */
function formatted(resource: Resource): Resource {
  return resource.reservations?.length ? resource : { ...resource, role: '*' };
}
