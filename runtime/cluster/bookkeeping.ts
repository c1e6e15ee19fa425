/**
 * Every change of who has what in the ledger. Promises that tasks, offers and links are known from both their ends, and that an
 * agent of which more can be offered is looked at by the next batch; it must never tell anyone.
 */

import type { TaskState } from '../kit/mesos.ts';
import {
  type Agent,
  type Framework,
  forgetOldest,
  isTerminal,
  type Ledger,
  MEMORY,
  type StandingOffer,
  type Task,
} from './ledger.ts';

/** The next batch looks at the agent. */
export function stir({ stirred }: Ledger, agentId: string): void {
  stirred.add(agentId);
}

export function stirAll(ledger: Ledger): void {
  for (const id of ledger.agents.keys()) ledger.stirred.add(id);
}

export function connect({ links, away }: Ledger, agent: Agent, link: number): void {
  agent.link = link;
  links.set(link, agent);
  away.delete(agent);
}

export function disconnect({ links, away }: Ledger, agent: Agent, now: number): void {
  if (agent.link !== undefined) links.delete(agent.link);
  delete agent.link;
  agent.lostAt = now;
  away.add(agent);
}

/** Takes an agent out of the books; its tasks, offers and operations are over already. */
export function removeAgent(ledger: Ledger, agent: Agent): void {
  if (agent.link !== undefined) ledger.links.delete(agent.link);
  ledger.away.delete(agent);
  ledger.agents.delete(agent.id);
  ledger.stirred.delete(agent.id);
}

/** Gives an agent up; the oldest of those given up are forgotten. */
export function addUnreachable(ledger: Ledger, agentId: string, now: number): void {
  ledger.unreachable.set(agentId, now);
  for (const forgotten of forgetOldest(ledger.unreachable)) ledger.admitted.delete(forgotten);
}

export function addOffer(ledger: Ledger, offer: StandingOffer): void {
  ledger.offers.set(offer.offer.id.value, offer);
  ledger.agents.get(offer.agentId)?.offers.add(offer);
}

export function removeOffer(ledger: Ledger, offer: StandingOffer): void {
  ledger.offers.delete(offer.offer.id.value);
  ledger.agents.get(offer.agentId)?.offers.delete(offer);
  stir(ledger, offer.agentId);
}

/** Puts a task into the books, or leaves the one of that id as it is. */
export function addTask(framework: Framework, agent: Agent, task: Task): void {
  framework.tasks.set(task.info.task_id.value, task);
  agent.tasks.add(task);
}

/** Notes the newest state that the agent told of: a terminal one frees the task's resources. */
export function setLatest(ledger: Ledger, task: Task, state: TaskState): void {
  task.latest = state;
  if (isTerminal(state)) stir(ledger, task.agentId);
}

/** Takes a task out of the books and keeps it as completed. */
export function complete(ledger: Ledger, framework: Framework, task: Task): void {
  framework.tasks.delete(task.info.task_id.value);
  ledger.agents.get(task.agentId)?.tasks.delete(task);
  stir(ledger, task.agentId);
  framework.completed.push(task);
  if (framework.completed.length > MEMORY) framework.completed.shift();
}
