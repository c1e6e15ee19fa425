/**
 * What a real master refused of about a hundred ACCEPTs, in its words. Each recorded ACCEPT meets a fresh master whose agents have
 * just what its offers showed; so cases that need a history are left out by name. In the messages the resources of the offer
 * are not compared: Mesos leaves their order open.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMaster } from '../../runtime/cluster/master.ts';
import type { Offer } from '../../runtime/kit/mesos.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';
import { agentsOf, masterIdOf, offersIn, registration, type Step, type Trace } from './recording.ts';

type Accept = Extract<Call, { type: 'ACCEPT' }>;

interface Case {
  name: string;
  call: Accept;
  offers: Offer[];
  refusals: string[];
}

/** By the words of the recorder's note. */
const NEED_HISTORY = [
  'set-up',
  'DESTROY of a volume in use',
  'a live executor id with a different ExecutorInfo',
  'a live task id',
  'an offer id that was used already',
  'rescinded offer',
  'the same offer id twice',
  'offers of two agents',
  'one valid and one unknown offer id',
  'no offer id',
];

const { steps } = JSON.parse(
  readFileSync(new URL('./traces/10-refused-operations.json', import.meta.url), 'utf8'),
) as Trace;

test.each(casesOf(steps))('$name', ({ call, offers, refusals }) => {
  const agents = agentsOf(steps);
  const agentId = offers[0]?.agent_id.value;
  const master = createMaster({ id: masterIdOf(steps), host: '127.0.0.1', port: 5050, newId: () => 'stream' });
  agents.forEach((agent, link) => {
    const isIt = agent.agent_id.value === agentId;
    const resources = isIt ? offers.flatMap((offer) => offer.resources ?? []) : agent.resources;
    const message = registration({ ...agent, ...(resources && { resources }) });
    master.take({ kind: 'agent', agent: link, message }, 0);
  });
  const said = master.take({ kind: 'call', connection: 1, call: steps[0]?.body as Call }, 0);
  const events = said.flatMap((output) => (output.kind === 'event' ? [output.event] : []));
  const offer = events.flatMap(offersIn).find((candidate) => candidate.agent_id.value === agentId);
  const accept: Accept = { ...call, accept: { ...call.accept, offer_ids: offer ? [offer.id] : [] } };
  const answer = master.take({ kind: 'call', connection: 2, streamId: 'stream', call: accept }, 1);
  expect(answer.flatMap((output) => (output.kind === 'event' ? refusalIn(output.event) : []))).toEqual(refusals);
});

function casesOf(recorded: readonly Step[]): Case[] {
  const cases: Case[] = [];
  const offers = new Map<string, Offer>();
  let name = '';
  let current: Case | undefined;
  for (const step of recorded) {
    if (step.kind === 'note' && step.text) {
      name = step.text;
      current = undefined;
    }
    for (const offer of offersIn(step.event)) offers.set(offer.id.value, offer);
    const call = step.body as Call | undefined;
    if (step.kind === 'call' && call?.type === 'ACCEPT' && !NEED_HISTORY.some((words) => name.includes(words))) {
      const named = call.accept.offer_ids.flatMap(({ value }) => offers.get(value) ?? []);
      current = { name, call, offers: named, refusals: [] };
      cases.push(current);
    }
    if (current && step.event) current.refusals.push(...refusalIn(step.event));
  }
  return cases;
}

/** A refusal as text without the offer's resources. */
function refusalIn(event: MesosEvent): string[] {
  if (event.type === 'UPDATE' && event.update.status.source === 'SOURCE_MASTER') {
    const { task_id, agent_id, state, reason, message } = event.update.status;
    return [[task_id.value, agent_id?.value, state, reason, withoutOffer(message)].join(' | ')];
  }
  if (event.type === 'UPDATE_OPERATION_STATUS' && event.update_operation_status.status.state === 'OPERATION_ERROR') {
    const { operation_id, agent_id, uuid, message } = event.update_operation_status.status;
    return [[operation_id?.value, agent_id?.value, uuid?.value, withoutOffer(message)].join(' | ')];
  }
  return [];
}

function withoutOffer(message = ''): string {
  return message
    .replace(/^.* does not contain /, '... does not contain ')
    .replace(/ more than available .*$/, ' more than available ...');
}
