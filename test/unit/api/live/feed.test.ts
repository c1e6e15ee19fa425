import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Documents } from '../../../../runtime/api/live/documents.ts';
import { createFeed } from '../../../../runtime/api/live/feed.ts';
import type { Note } from '../../../../runtime/core/effect.ts';
import type { State } from '../../../../runtime/core/state.ts';
import type { Scheduler } from '../../../../runtime/loop/run.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A scheduler whose documents are texts; `change` is a durable change of them. */
function rig(documents: Record<string, string>) {
  const watchers = new Set<() => void>();
  const notes: Note[] = [];
  let looks = 0;
  let broken = false;
  const scheduler: Pick<Scheduler, 'read' | 'watch'> = {
    read: async (look) => {
      looks++;
      if (broken) throw new Error('the inside');
      return look({} as State, 0);
    },
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
  const look = () => new Map(Object.entries(documents)) as unknown as Documents;
  const feed = createFeed(scheduler, look, (note) => void notes.push(note));
  return {
    notes,
    looks: () => looks,
    isWatched: () => watchers.size > 0,
    breakDown: () => {
      broken = true;
    },
    change(key: string, text?: string) {
      if (text === undefined) delete documents[key];
      else documents[key] = text;
      for (const changed of watchers) changed();
    },
    /** What a viewer is sent, each time as an object. */
    follow() {
      const sent: Record<string, unknown>[] = [];
      let ended = false;
      const stop = feed.follow({
        send: (changes) =>
          void sent.push(Object.fromEntries([...changes].map(([key, text]) => [key, JSON.parse(text)]))),
        end: () => {
          ended = true;
        },
      });
      return { sent, stop, ended: () => ended };
    },
  };
}

test('a viewer gets everything once, then what changed, and null for what is gone', async () => {
  const { change, follow } = rig({ a: '1', b: '1' });
  const { sent } = follow();
  await vi.advanceTimersByTimeAsync(0);
  change('a', '2');
  await vi.advanceTimersByTimeAsync(250);
  change('b');
  await vi.advanceTimersByTimeAsync(250);
  expect(sent).toEqual([{ a: '1', b: '1' }, { a: '2' }, { b: null }]);
});

test('many changes are sent at most four times a second, the newest of each document', async () => {
  const { change, follow, looks } = rig({ a: '0' });
  const { sent } = follow();
  await vi.advanceTimersByTimeAsync(250);
  for (let at = 1; at <= 100; at++) {
    change('a', String(at));
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(250);
  expect(sent.length).toBeLessThanOrEqual(6);
  expect(looks()).toBe(sent.length);
  expect(sent.at(-1)).toEqual({ a: '100' });
});

test('a change that nobody sees is not sent', async () => {
  const { change, follow } = rig({ a: '1' });
  const { sent } = follow();
  await vi.advanceTimersByTimeAsync(0);
  change('a', '1');
  await vi.advanceTimersByTimeAsync(250);
  expect(sent).toEqual([{ a: '1' }]);
});

test('who comes later gets everything too', async () => {
  const { change, follow } = rig({ a: '1', b: '1' });
  follow();
  await vi.advanceTimersByTimeAsync(0);
  change('a', '2');
  await vi.advanceTimersByTimeAsync(250);
  expect(follow().sent).toEqual([{ a: '2', b: '1' }]);
});

test('nothing is looked at while nobody watches', async () => {
  const { change, follow, isWatched, looks } = rig({ a: '1' });
  expect(isWatched()).toBe(false);
  const { stop } = follow();
  await vi.advanceTimersByTimeAsync(0);
  change('a', '2');
  stop();
  stop();
  expect(isWatched()).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(looks()).toBe(1);
  const { sent } = follow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([{ a: '2' }]);
});

test('what cannot be looked at is noted, and viewers are told to come again', async () => {
  const { breakDown, follow, notes } = rig({ a: '1' });
  breakDown();
  const { ended, sent } = follow();
  await vi.advanceTimersByTimeAsync(0);
  expect([ended(), sent]).toEqual([true, []]);
  expect(notes).toMatchObject([{ level: 'error', keys: { path: '/v1/events' } }]);
});
