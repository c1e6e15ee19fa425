/**
 * Kills, repeated until the task is known to have ended. Nothing is remembered but when we last asked: what must die follows
 * from the records and the plans in every frame, so a restart forgets no kill.
 */

import { type Draft, note, say, wake } from './draft.ts';
import { isLeaving } from './plan/removal.ts';
import type { Service } from './state.ts';
import { isLive } from './tasks/record.ts';

const RETRY_MS = 5_000;

/** Task ids to end, with the agents they run on. */
export type Kills = Map<string, { agentId: string | undefined; why: string }>;

/** Tasks that operators asked to end, and those that no record explains. */
export function standingKills(draft: Draft): Kills {
  const kills: Kills = new Map();
  for (const [id, agentId] of draft.state.session.strays) kills.set(id, { agentId, why: 'no record of this task' });
  for (const service of draft.state.services.values()) addAsked(service, kills);
  return kills;
}

function addAsked(service: Service, kills: Kills): void {
  for (const record of service.tasks.values()) {
    // Asked first: nearly none is to end, and every frame asks for all.
    if ((record.progress.kill === undefined && !isLeaving(record)) || !isLive(record)) continue;
    const id = record.info.task_id.value;
    const agentId = record.info.agent_id.value;
    if (record.progress.kill === id) kills.set(id, { agentId, why: 'asked for by an operator' });
    if (isLeaving(record)) kills.set(id, { agentId, why: 'its pod is removed' });
  }
}

export function sendKills(draft: Draft, kills: Kills): void {
  const { killSent } = draft.state.session;
  for (const id of killSent.keys()) if (!kills.has(id)) killSent.delete(id);
  for (const [id, { agentId, why }] of kills) {
    const sentAt = killSent.get(id);
    if (sentAt === undefined || draft.now >= sentAt + RETRY_MS) {
      if (sentAt === undefined) note(draft, 'kill', { taskId: id, agentId, why });
      killSent.set(id, draft.now);
      // A wrong agent id would make Mesos ignore the call in silence (trace 05), so it is named only when known.
      const agent = agentId === undefined ? {} : { agent_id: { value: agentId } };
      say(draft, { type: 'KILL', kill: { task_id: { value: id }, ...agent } });
    }
    wake(draft, (killSent.get(id) ?? draft.now) + RETRY_MS);
  }
}
