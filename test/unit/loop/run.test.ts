/** The moving part around the machine: what comes in together is decided together. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { defaultSettings, type Service } from '../../../runtime/core/state.ts';
import type { MesosEvent } from '../../../runtime/kit/mesos-call.ts';
import { type ConnectionEvent, createMachine } from '../../../runtime/loop/machine.ts';
import { runScheduler } from '../../../runtime/loop/run.ts';
import { countingIds } from '../../simulation/ids.ts';
import { pod, service } from '../core/service.ts';

const rescind = (number: number): MesosEvent => ({
  type: 'RESCIND',
  rescind: { offer_id: { value: `offer-${number}` } },
});

test('what the master says in one piece is one frame', async () => {
  const booted = boot({}, { ok: true, spec: service(pod('web')), plans: [] }, defaultSettings, 0, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  let hear: (event: ConnectionEvent) => void = () => {};
  const scheduler = runScheduler(createMachine({ state: booted.state, newId: countingIds(), random: () => 0 }, 0), {
    clock: () => 0,
    commit: async () => {},
    load: async () => undefined,
    connect: (_, on) => {
      hear = on;
      return { send: () => {}, close: () => {} };
    },
    fulfil: async () => {},
    note: () => {},
    exit: (_, message) => {
      throw new Error(message);
    },
  });
  // The first timer is due at once: it connects.
  await expect.poll(() => hear.length).toBe(1);
  hear({ kind: 'opened' });
  const subscribed = { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 };
  hear({ kind: 'event', event: { type: 'SUBSCRIBED', subscribed } });
  await turn();
  await turn();

  let frames = 0;
  scheduler.watch(() => frames++);
  for (let number = 0; number < 100; number++) hear({ kind: 'event', event: rescind(number) });
  await turn();
  scheduler.stop();
  expect(frames).toBe(1);
});

test('who watches is told of every commit, also when the next one follows at once', async () => {
  const booted = boot({}, { ok: true, spec: service(pod('web')), plans: [] }, defaultSettings, 0, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  const { state } = booted;
  const commits: (() => void)[] = [];
  const scheduler = runScheduler(createMachine({ state, newId: countingIds(), random: () => 0 }, 0), {
    clock: () => 0,
    commit: () => new Promise((resolve) => commits.push(resolve)),
    load: async () => undefined,
    connect: () => ({ send: () => {}, close: () => {} }),
    fulfil: async () => {},
    note: () => {},
    exit: (_, message) => {
      throw new Error(message);
    },
  });
  const [name = ''] = state.services.keys();
  const seen: (readonly string[])[] = [];
  scheduler.watch(() => seen.push([...(state.services.get(name)?.properties.keys() ?? [])]));
  const put = (file: string) => scheduler.command({ kind: 'file-put', service: name, name: file, content: '' });
  const first = put('a');
  const second = put('b');
  commits.shift()?.();
  await first;
  expect(seen).toEqual([['file-a']]);
  commits.shift()?.();
  await second;
  scheduler.stop();
  expect(seen.at(-1)).toEqual(['file-a', 'file-b']);
});

describe('the store read anew', () => {
  /** A scheduler whose commits and loads end when the test says so. */
  function held() {
    const booted = boot({}, { ok: true, spec: service(pod('web')), plans: [] }, defaultSettings, 0, countingIds());
    if (!booted.ok) throw new Error(booted.errors.join());
    const { state } = booted;
    const [mine] = state.services.values();
    if (!mine) throw new Error('a service was booted');
    const commits: (() => void)[] = [];
    const loads: ((stored: Service | undefined) => void)[] = [];
    const scheduler = runScheduler(createMachine({ state, newId: countingIds(), random: () => 0 }, 0), {
      clock: () => 0,
      commit: () => new Promise((resolve) => commits.push(resolve)),
      load: () => new Promise((resolve) => loads.push(resolve)),
      connect: () => ({ send: () => {}, close: () => {} }),
      fulfil: async () => {},
      note: () => {},
      exit: (_, message) => {
        throw new Error(message);
      },
    });
    const put = (name: string) => scheduler.command({ kind: 'file-put', service: mine.name, name, content: '' });
    const stored = (...keys: string[]) => ({ ...mine, properties: new Map(keys.map((key) => [key, ''])) });
    return { mine, commits, loads, scheduler, put, stored };
  }

  test('is what the scheduler goes by from then on', async () => {
    const { mine, loads, scheduler, stored } = held();
    const reloaded = scheduler.reload();
    loads.shift()?.(stored('edited'));
    await reloaded;
    scheduler.stop();
    expect([...mine.properties.keys()]).toEqual(['edited']);
  });

  test('waits for the commit that is under way, and a command that comes meanwhile waits for it', async () => {
    const { mine, commits, loads, scheduler, put, stored } = held();
    const first = put('a');
    const reloaded = scheduler.reload();
    expect(loads).toEqual([]);
    commits.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
    const second = put('b');
    expect([loads.length, commits.length]).toEqual([1, 0]);
    loads.shift()?.(stored('file-a', 'edited'));
    await reloaded;
    await first;
    commits.shift()?.();
    await second;
    scheduler.stop();
    expect([...mine.properties.keys()]).toEqual(['file-a', 'edited', 'file-b']);
  });

  test('is read once for all who ask meanwhile', async () => {
    const { loads, scheduler, stored } = held();
    const all = [scheduler.reload(), scheduler.reload()];
    expect(loads).toHaveLength(1);
    loads.shift()?.(stored());
    await Promise.all(all);
    scheduler.stop();
  });

  test('changes nothing when there is no service in it, and the scheduler goes on', async () => {
    const { mine, commits, loads, scheduler, put } = held();
    const reloaded = scheduler.reload();
    const putting = put('a');
    loads.shift()?.(undefined);
    await expect(reloaded).rejects.toThrow('the store holds no service any more');
    commits.shift()?.();
    expect((await putting).kind).toBe('done');
    scheduler.stop();
    expect([...mine.properties.keys()]).toEqual(['file-a']);
  });
});
