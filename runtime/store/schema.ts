/**
 * Whose a tree is, and in which schema. Promises that a tree of another service, or of a version that this one does not know, is left
 * as it is, and that an older one is brought up to date in one transaction.
 */
import type { NodeWrite, Tree } from './tree.ts';

/** A tree that this version must not touch: of another service, or of a schema it does not know. */
export class ForeignStore extends Error {
  override name = 'ForeignStore';
}

/** Upstream's layout for one service (scheduler-behaviour 7.7). */
const SCHEMA_VERSION = '1';

/**
 * What brings our own nodes from a version to the next; the first entry, from 0, is for a tree that only upstream's scheduler has
 * written. An entry stays as it is once released, and `test/unit/store/released/` keeps a tree that it was released with.
 */
const UPGRADES: readonly ((tree: Tree) => Promise<NodeWrite[]>)[] = [async () => []];

/**
 * Marks an empty tree as this service's, or checks that it is, and upgrades it; returns the service's name. With no name (the
 * definition cannot be read) it is what the tree says, if anything. Throws `ForeignStore` for a tree of another service or schema.
 */
export async function claim(tree: Tree, service: string | undefined): Promise<string | undefined> {
  const [owner, version, own] = await Promise.all([
    textAt(tree, 'servicename'),
    textAt(tree, 'SchemaVersion'),
    textAt(tree, 'Mainstay/SchemaVersion'),
  ]);
  if (owner !== undefined && service !== undefined && owner !== service) {
    throw new ForeignStore(`this store belongs to the service "${owner}", not to "${service}": give another one`);
  }
  if (version !== undefined && version !== SCHEMA_VERSION) {
    throw new ForeignStore(
      `storage schema version ${version} is not supported (this version knows ${SCHEMA_VERSION}, a scheduler of one service)`,
    );
  }
  const known = UPGRADES.length;
  const from = own === undefined ? 0 : Number(own);
  if (!(from <= known)) {
    throw new ForeignStore(
      `the store was written by a newer Mainstay (own schema ${own}, this version knows ${known}): start that version`,
    );
  }
  const name = owner ?? service;
  if (name === undefined || (owner !== undefined && version !== undefined && from === known)) return name;
  const upgrades = await Promise.all(UPGRADES.slice(from).map((upgrade) => upgrade(tree)));
  await tree.commit([
    ...upgrades.flat(),
    put('servicename', name),
    put('SchemaVersion', SCHEMA_VERSION),
    put('Mainstay/SchemaVersion', String(known)),
  ]);
  return name;
}

async function textAt(tree: Tree, path: string): Promise<string | undefined> {
  const bytes = await tree.get(path);
  return bytes && Buffer.from(bytes).toString();
}

function put(path: string, text: string): NodeWrite {
  return { kind: 'put', path, data: Buffer.from(text) };
}
