/** The few requests that the store makes of single nodes, and who may touch what it creates. Promises nothing about what is in them. */
import { ACL, CreateMode, Exception, Id, Permission, type Stat } from 'node-zookeeper-client';
import { type Session, unless } from './session.ts';

export type Access = readonly ACL[];

/** Open to all without credentials; else all rights for the user who creates a node, and anybody may read it (scheduler-behaviour 7.5). */
export function accessFor(auth: string | undefined): Access {
  const anybody = new Id('world', 'anyone');
  if (auth === undefined) return [new ACL(Permission.ALL, anybody)];
  return [new ACL(Permission.ALL, new Id('auth', '')), new ACL(Permission.READ, anybody)];
}

export interface Node {
  readonly data: Buffer;
  readonly stat: Stat;
}

/** Undefined when there is no such node. */
export function readNode(session: Session, path: string): Promise<Node | undefined> {
  const answer = session.request<Node>((zk, done) =>
    zk.getData(path, (error, data, stat) => done(error, { data: data ?? Buffer.alloc(0), stat })),
  );
  return unless(Exception.NO_NODE, answer, undefined);
}

/** In no order; empty when there is no such node. */
export function childrenOf(session: Session, path: string): Promise<string[]> {
  const answer = session.request<string[]>((zk, done) => zk.getChildren(path, done));
  return unless(Exception.NO_NODE, answer, []);
}

/** Creates the node and those above it that are missing, all empty. One that is there is left as it is. */
export async function ensureNode(session: Session, path: string, access: Access): Promise<void> {
  if (path === '' || (await readNode(session, path))) return;
  await ensureNode(session, path.slice(0, path.lastIndexOf('/')), access);
  const answer = session.request<string>((zk, done) => zk.create(path, Buffer.alloc(0), [...access], done));
  await unless(Exception.NODE_EXISTS, answer, path);
}

/** A node that ends with the session, its name completed by the next number of ten digits. Resolves to its path. */
export function createTicket(session: Session, prefix: string, data: Buffer, access: Access): Promise<string> {
  const mode = CreateMode.EPHEMERAL_SEQUENTIAL;
  return session.request((zk, done) => zk.create(prefix, data, [...access], mode, done), { once: true });
}

/** Not an error when it is gone already. */
export async function removeNode(session: Session, path: string): Promise<void> {
  const answer = session.request<void>((zk, done) => zk.remove(path, (error) => done(error)));
  await unless(Exception.NO_NODE, answer, undefined);
}
