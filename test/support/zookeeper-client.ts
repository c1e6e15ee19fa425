/** ZooKeeper as an operator's `zkCli.sh` sees it: looks at nodes and changes them behind a scheduler's back. Promises nothing to a scheduler. */
import { ACL, type Client, CreateMode, createClient, Id, Permission } from 'node-zookeeper-client';

/** Calls `use` with a connected client of its own session, and ends the session. */
export async function withZooKeeper<T>({ address }: { address: string }, use: (zk: Zk) => Promise<T>): Promise<T> {
  const client = createClient(address, { spinDelay: 50 });
  const connected = new Promise<void>((resolve) => client.once('connected', resolve));
  client.connect();
  await connected;
  try {
    return await use(zkOf(client));
  } finally {
    client.close();
  }
}

type Done<T> = (error: unknown, value: T) => void;

export type Zk = ReturnType<typeof zkOf>;

function zkOf(client: Client) {
  const ask = <T>(send: (done: Done<T>) => void) =>
    new Promise<T>((resolve, reject) => send((error, value) => (error ? reject(error) : resolve(value))));
  return {
    children: (path: string) => ask<string[]>((done) => client.getChildren(path, done)),
    read: (path: string) => ask<Buffer>((done) => client.getData(path, done)).then((data) => data?.toString() ?? ''),
    access: (path: string) => ask<ACL[]>((done) => client.getACL(path, done)),
    write: (path: string, data: string) => ask((done) => client.setData(path, Buffer.from(data), done)),
    make: (path: string) => ask<string>((done) => client.mkdirp(path, done)),
    makeEphemeral: (path: string, data = '') =>
      ask<string>((done) =>
        client.create(
          path,
          Buffer.from(data),
          [new ACL(Permission.ALL, new Id('world', 'anyone'))],
          CreateMode.EPHEMERAL_SEQUENTIAL,
          done,
        ),
      ),
    remove: (path: string) => ask<void>((done) => client.remove(path, (error) => done(error, undefined))),
  };
}

/** What an operator does who knows that the holder of a lock is no more: deletes its lease. */
export function breakLock(server: { address: string }, node: string): Promise<void> {
  return withZooKeeper(server, async (zk) => {
    for (const lease of await zk.children(`${node}/lock/leases`)) await zk.remove(`${node}/lock/leases/${lease}`);
  });
}

/**
 * Ends the session of another client, as its time running out would: whoever knows its id and password may close it. `welcome` is
 * what the server said to its connect request: length, version and timeout (4 bytes each), id (8), length (4), password (16).
 */
export async function endSession({ address }: { address: string }, welcome: Buffer): Promise<void> {
  const session = { sessionId: welcome.subarray(12, 20), sessionPassword: welcome.subarray(24, 40) };
  const client = createClient(address, { spinDelay: 50, ...session });
  await new Promise<void>((resolve) => {
    client.once('connected', resolve);
    client.connect();
  });
  await new Promise<void>((resolve) => {
    client.once('disconnected', resolve);
    client.close();
  });
}
