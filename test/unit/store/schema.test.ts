import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load } from '../../../runtime/store/layout.ts';
import { type MemoryData, openMemoryTree } from '../../../runtime/store/memory.ts';
import { claim, ForeignStore } from '../../../runtime/store/schema.ts';
import type { Tree } from '../../../runtime/store/tree.ts';

const RELEASED = join(import.meta.dirname, 'released');

/** A tree as a scheduler left it: `/team/hello-world`, hello-0 paused, the deployment interrupted before world, world-1 forced. */
type Saved = Record<string, { text: string } | { base64: string }>;

function treeOf(saved: Saved): Tree & { data: MemoryData } {
  const nodes = Object.entries(saved).map(([path, node]): [string, Uint8Array] => [
    path,
    'text' in node ? Buffer.from(node.text) : Buffer.from(node.base64, 'base64'),
  ]);
  return openMemoryTree({ nodes: new Map(nodes), epoch: 0 });
}

const released = (file: string): Saved => JSON.parse(readFileSync(join(RELEASED, file), 'utf8'));
const newest = released('0.1.0.json');
const textsOf = (tree: { data: MemoryData }, ...paths: string[]) =>
  paths.map((path) => Buffer.from(tree.data.nodes.get(path) ?? []).toString());

test.each(readdirSync(RELEASED))('what the version of %s stored is loaded by this one', async (file) => {
  const tree = treeOf(released(file));
  expect(await claim(tree, '/team/hello-world')).toBe('/team/hello-world');
  const { frameworkId, service } = await load(tree, '/team/hello-world');
  expect(frameworkId).toMatch(/^[0-9a-f-]{36}/);
  const target = service?.configs.get(service.targetId);
  expect(target).toMatchObject({ name: '/team/hello-world', user: 'root', principal: '/team/hello-world-principal' });
  expect(target?.pods.map(({ type, count }) => `${type} ${count}`)).toEqual(['hello 1', 'world 2']);
  const hello = service?.tasks.get('hello-0-server');
  expect(hello?.info).toMatchObject({ name: 'hello-0-server', task_id: hello?.status?.task_id });
  expect(hello?.status?.state).toBe('TASK_RUNNING');
  expect(hello?.override).toEqual({ goal: 'PAUSED', status: 'COMPLETE' });
  expect(service?.intents.get('deploy')).toBeDefined();
  expect(textsOf(tree, 'Mainstay/SchemaVersion')).toEqual(['1']);
});

describe('a tree', () => {
  test('that is empty becomes the service that starts', async () => {
    const tree = treeOf({});
    expect(await claim(tree, 'hello')).toBe('hello');
    expect(textsOf(tree, 'servicename', 'SchemaVersion', 'Mainstay/SchemaVersion')).toEqual(['hello', '1', '1']);
  });

  test('that is empty stays so while nobody knows whose it is', async () => {
    const tree = treeOf({});
    expect(await claim(tree, undefined)).toBeUndefined();
    expect([...tree.data.nodes.keys()]).toEqual([]);
  });

  test('tells whose it is when the definition cannot', async () => {
    expect(await claim(treeOf(newest), undefined)).toBe('/team/hello-world');
  });

  test("that upstream's scheduler wrote is taken over", async () => {
    const theirs = Object.fromEntries(Object.entries(newest).filter(([path]) => !path.startsWith('Mainstay')));
    const tree = treeOf(theirs);
    await claim(tree, '/team/hello-world');
    expect(textsOf(tree, 'SchemaVersion', 'Mainstay/SchemaVersion')).toEqual(['1', '1']);
    expect((await load(tree, '/team/hello-world')).service?.tasks.size).toBe(1);
  });

  test.each([
    [
      'of another service',
      'servicename',
      'other',
      'this store belongs to the service "other", not to "/team/hello-world"',
    ],
    ["of upstream's scheduler of many services", 'SchemaVersion', '2', 'storage schema version 2 is not supported'],
    [
      'of a newer version',
      'Mainstay/SchemaVersion',
      '2',
      'written by a newer Mainstay (own schema 2, this version knows 1)',
    ],
    ['of a version that is none', 'Mainstay/SchemaVersion', 'x', 'written by a newer Mainstay (own schema x'],
  ])('%s is left as it is', async (_, path, text, message) => {
    const saved = { ...newest, [path]: { text } };
    const tree = treeOf(saved);
    const refusal = claim(tree, '/team/hello-world');
    await expect(refusal).rejects.toThrow(ForeignStore);
    await expect(refusal).rejects.toThrow(message);
    expect(tree.data.nodes).toEqual(treeOf(saved).data.nodes);
  });
});
