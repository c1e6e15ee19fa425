/**
 * The state of a new process: what the store remembers, with the target chosen. Its writes must be durable before the first
 * frame. Promises the same state for the same store, whatever happened to the process before.
 */
import type { NewId } from '../kit/clock.ts';
import { newDraft } from './draft.ts';
import type { Note, Write } from './effect.ts';
import { newSession, type Service, type Settings, type State } from './state.ts';
import { type Candidate, selectTarget } from './target/select.ts';

export type Boot =
  | { ok: true; state: State; writes: readonly Write[]; notes: readonly Note[] }
  /** There is nothing to run; each error says what to mend. */
  | { ok: false; errors: readonly string[] };

export function boot(
  stored: { frameworkId?: string; service?: Service },
  candidate: Candidate,
  settings: Settings,
  now: number,
  newId: NewId,
): Boot {
  const state: State = { settings, services: new Map(), session: newSession() };
  if (stored.frameworkId !== undefined) state.frameworkId = stored.frameworkId;
  const draft = newDraft(state, now, newId);
  const selected = selectTarget(draft, stored.service, candidate);
  if (!selected.ok) return selected;
  state.services.set(selected.service.name, selected.service);
  return { ok: true, state, writes: draft.writes, notes: draft.notes };
}
