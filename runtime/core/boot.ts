/**
 * The state of a new process: what the store remembers, with the target chosen. Its writes must be durable before the first
 * frame. Promises the same state for the same store, whatever happened to the process before.
 */
import type { NewId } from '../kit/clock.ts';
import { newDraft, putProperty } from './draft.ts';
import type { Note, Write } from './effect.ts';
import { COMPLETED } from './plan/deploy.ts';
import { rememberAll, wipe } from './remove.ts';
import { emptyService, newSession, type Service, type Settings, type State } from './state.ts';
import { type Candidate, selectTarget } from './target/select.ts';

export type Boot =
  | { ok: true; state: State; writes: readonly Write[]; notes: readonly Note[] }
  /** There is nothing to run; each error says what to mend. */
  | { ok: false; errors: readonly string[]; uninstalling?: boolean };

export function boot(
  stored: { frameworkId?: string; service?: Service },
  candidate: Candidate,
  settings: Settings,
  now: number,
  newId: NewId,
): Boot {
  const draft = newDraft(stateOf(stored, settings), now, newId);
  if (stored.service?.properties.get(UNINSTALLING) === 'true') {
    const errors = [
      'this service is being uninstalled, which cannot be undone: start it with --uninstall until it is done',
    ];
    return { ok: false, errors, uninstalling: true };
  }
  const selected = selectTarget(draft, stored.service, candidate);
  if (!selected.ok) return selected;
  draft.state.session.updating = selected.service.properties.get(COMPLETED) === 'DEPLOY';
  draft.state.services.set(selected.service.name, selected.service);
  return { ok: true, state: draft.state, writes: draft.writes, notes: draft.notes };
}

/** Upstream's property: an uninstall has begun, for good. */
const UNINSTALLING = 'uninstalling';

/** The state of a process that takes the service down. Without anything stored it is done before it began. */
export function bootUninstall(
  stored: { frameworkId?: string; service?: Service },
  name: string,
  settings: Settings,
  now: number,
  newId: NewId,
): Extract<Boot, { ok: true }> {
  const draft = newDraft(stateOf(stored, settings), now, newId);
  const service = stored.service ?? emptyService(name);
  service.uninstall = 'on';
  draft.state.services.set(service.name, service);
  if (stored.service && stored.frameworkId !== undefined) {
    putProperty(draft, service, UNINSTALLING, 'true');
    rememberAll(draft, service);
  } else wipe(draft);
  return { ok: true, state: draft.state, writes: draft.writes, notes: draft.notes };
}

function stateOf(stored: { frameworkId?: string }, settings: Settings): State {
  const state: State = { settings, services: new Map(), session: newSession() };
  if (stored.frameworkId !== undefined) state.frameworkId = stored.frameworkId;
  return state;
}
