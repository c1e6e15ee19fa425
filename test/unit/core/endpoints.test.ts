/** The texts that a definition publishes: those of the newest accepted file, with no task restarted for them. */
import { expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { defaultSettings, type Service } from '../../../runtime/core/state.ts';
import type { Candidate } from '../../../runtime/core/target/select.ts';
import { load, nodeWrites } from '../../../runtime/store/layout.ts';
import { openMemoryTree } from '../../../runtime/store/memory.ts';
import { countingIds } from '../../simulation/ids.ts';
import { pod, service } from './service.ts';

/** Starts with each candidate in turn on one store; what is stored at the end, and the kinds of what the last start wrote. */
async function after(...candidates: Candidate[]): Promise<{ stored: Service | undefined; writes: string[] }> {
  const tree = openMemoryTree({ nodes: new Map(), epoch: 0 });
  let writes: string[] = [];
  for (const candidate of candidates) {
    const booted = boot(await load(tree, 'svc'), candidate, defaultSettings, 0, countingIds());
    if (!booted.ok) throw new Error(booted.errors.join());
    await tree.commit(nodeWrites(booted.writes));
    writes = booted.writes.map(({ kind }) => kind);
  }
  return { stored: (await load(tree, 'svc')).service, writes };
}

const spec = service(pod('web'));
const text = (content: string): Candidate => ({ ok: true, spec, endpoints: { 'a.xml': content } });

test('are stored', async () => {
  const { stored } = await after(text('one'));
  expect(stored?.endpoints).toEqual({ 'a.xml': 'one' });
});

test('change without a new target', async () => {
  const { stored, writes } = await after(text('one'), text('two'));
  expect([stored?.endpoints, writes]).toEqual([{ 'a.xml': 'two' }, ['endpoints']]);
});

test('are not written again when they are the same', async () => {
  expect((await after(text('one'), text('one'))).writes).toEqual([]);
});

test('stay when the newest file cannot be used', async () => {
  const { stored } = await after(text('one'), { ok: false, errors: ['no'] });
  expect(stored?.endpoints).toEqual({ 'a.xml': 'one' });
});
