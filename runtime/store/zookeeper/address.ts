/**
 * Where a service's tree is in ZooKeeper, as a URL says it. Promises an error that says what is wrong with one; never puts a
 * password into a message.
 */

export interface ZooKeeperAddress {
  /** `host:port,host:port` */
  readonly servers: string;
  /** The node of the service, `/a/b`, when the URL spells it out. */
  readonly node?: string;
  /** `user:password`, for digest authentication. */
  readonly auth?: string;
}

/** `zk://[user:password@]host[:port][,host[:port]...][/node]`, as Mesos writes it. Throws an error with what to mend. */
export function parseZooKeeperUrl(url: string): ZooKeeperAddress {
  const [, auth, servers = '', path = ''] = /^zk:\/\/(?:(.*)@)?([^/@]*)(\/.*)?$/s.exec(url) ?? [];
  const shown = withoutPassword(url);
  for (const server of servers.split(',')) {
    if (/^[^\s:]+(:\d{1,5})?$/.test(server)) continue;
    throw new Error(
      `the store "${shown}" names no server "${server}": write zk://host:port,host:port, port 2181 if left out`,
    );
  }
  if (auth !== undefined) checkAuth(auth, `the store "${shown}"`);
  const node = path.replace(/\/+$/, '');
  if (node.includes('//') || node === '/zookeeper') throw new Error(`the store "${shown}" names no node "${node}"`);
  return { servers, ...(node ? { node } : {}), ...(auth === undefined ? {} : { auth }) };
}

/** Throws unless it is `user:password`; `where` is where it was given. */
export function checkAuth(auth: string, where: string): void {
  if (!/^[^:]+:.+$/s.test(auth)) throw new Error(`${where} needs both a user and a password, as user:password`);
}

/** The URL as it may be printed. */
export function withoutPassword(url: string): string {
  return url.replace(/^(zk:\/\/[^:/@]*:).*@/s, '$1***@');
}

/** Upstream's node of a service: `/dcos-service-path__to__svc` for `/path/to/svc` (scheduler-behaviour 7.1). */
export function nodeOfService(name: string): string {
  return `/dcos-service-${name.replace(/^\//, '').replaceAll('/', '__')}`;
}
