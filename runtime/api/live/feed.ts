/**
 * Follows the scheduler for whoever watches the page. Promises each viewer all documents once and then those that changed, at most
 * four times a second; looks at nothing while nobody watches.
 */
import type { Note } from '../../core/effect.ts';
import type { State } from '../../core/state.ts';
import type { Scheduler } from '../../loop/run.ts';
import type { Documents } from './documents.ts';

export interface Viewer {
  /** Documents that are new or changed, each as JSON, by key; `null` is one that is gone. */
  send(changes: ReadonlyMap<string, string>): void;
  /** Nothing comes any more. */
  end(): void;
}

export interface Feed {
  /** Returns how to stop. */
  follow(viewer: Viewer): () => void;
}

/** A person sees no more than four pictures of text a second. */
const PAUSE_MS = 250;

export function createFeed(
  scheduler: Pick<Scheduler, 'read' | 'watch'>,
  look: (state: State, now: number) => Documents,
  note: (note: Note) => void,
): Feed {
  const viewers = new Set<Viewer>();
  let known: ReadonlyMap<string, string> = new Map();
  let unwatch = () => {};
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function soon(): void {
    timer ??= setTimeout(refresh, Math.max(0, lookedAt + PAUSE_MS - performance.now()));
  }

  async function refresh(): Promise<void> {
    // What changes from here on is a reason to look again.
    timer = undefined;
    lookedAt = performance.now();
    try {
      const documents = await scheduler.read(look);
      const next = new Map([...documents].map(([key, document]) => [key, JSON.stringify(document)]));
      const changes = changesBetween(known, next);
      known = next;
      if (changes.size > 0) for (const viewer of viewers) viewer.send(changes);
    } catch (error) {
      note({ level: 'error', message: 'api request failed', keys: { path: '/v1/events', error: String(error) } });
      for (const viewer of viewers) viewer.end();
    }
  }

  return {
    follow(viewer) {
      if (viewers.size === 0) {
        known = new Map();
        lookedAt = Number.NEGATIVE_INFINITY;
        unwatch = scheduler.watch(soon);
      }
      viewers.add(viewer);
      if (known.size > 0) viewer.send(known);
      else soon();
      return () => {
        if (!viewers.delete(viewer) || viewers.size > 0) return;
        unwatch();
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Map<string, string> {
  const changes = new Map([...after].filter(([key, text]) => before.get(key) !== text));
  for (const key of before.keys()) if (!after.has(key)) changes.set(key, 'null');
  return changes;
}
