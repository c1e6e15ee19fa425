/** Opens the store that a URL names, with its lock taken. Never guesses: a scheme it does not know is an error that says what there is. */
import type { Tree } from './tree.ts';

export interface StoreOptions {
  /** Whose store it is: its node in ZooKeeper is found by this name, unless the URL spells the node out. */
  readonly service?: string;
  /** `user:password` for ZooKeeper, unless the URL has it. */
  readonly auth?: string;
  /** Another scheduler has the lock and is waited for; a sentence that says who. */
  readonly onWait?: (held: string) => void;
  /** The store was open and is lost; the process must end. */
  readonly onLost?: (error: Error) => void;
}

const SUPPORTED =
  'use zk://host:port,host:port (ZooKeeper), file:DIR (a directory, kept over restarts) or memory: (forgotten when the process ends)';

/**
 * `zk://[user:password@]host:port,host:port[/node]`, `file:DIR`, DIR relative to the current directory, or `memory:`. Rejects with
 * `LockHeld` when another scheduler has it.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Tree> {
  const [, scheme, rest] = /^([a-z]+:)(.*)$/s.exec(url) ?? [];
  // Each is loaded when it is needed: a scheduler has one of them.
  if (scheme === 'memory:' && rest === '') return (await import('./memory.ts')).openMemoryTree();
  if (scheme === 'file:' && rest) return (await import('./file.ts')).openFileTree(rest);
  if (scheme === 'zk:') return openInZooKeeper(url, options);
  throw new Error(`no store is called "${url}"; ${SUPPORTED}`);
}

async function openInZooKeeper(url: string, { service, ...options }: StoreOptions): Promise<Tree> {
  const { checkAuth, nodeOfService, parseZooKeeperUrl, withoutPassword } = await import('./zookeeper/address.ts');
  const { openZooKeeperTree } = await import('./zookeeper/tree.ts');
  const address = parseZooKeeperUrl(url);
  const auth = address.auth ?? options.auth;
  if (auth !== undefined) checkAuth(auth, 'MAINSTAY_STORE_AUTH');
  const node = address.node ?? (service === undefined ? undefined : nodeOfService(service));
  if (node === undefined) {
    throw new Error(
      `the definition cannot be read, and so it is not known whose state to look for: set FRAMEWORK_NAME to the service's name, or ` +
        `spell its node out, as in ${withoutPassword(url)}/dcos-service-NAME`,
    );
  }
  return openZooKeeperTree({ ...options, servers: address.servers, node, ...(auth === undefined ? {} : { auth }) });
}
