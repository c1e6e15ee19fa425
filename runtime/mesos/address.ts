/**
 * Where the Mesos masters are, as an operator writes it. Promises to refuse, with the way to write it right, what can never be
 * reached; what it prints never holds a password.
 */

export type MasterAddress =
  /** Origins of one cluster's masters: any of them knows the one that leads. */
  | { readonly kind: 'list'; readonly origins: readonly string[] }
  /** The masters elect their leader in ZooKeeper. */
  | {
      readonly kind: 'zookeeper';
      /** `host:port,host:port`; ZooKeeper's port 2181 may be left out. */
      readonly servers: string;
      /** The node below which they do, usually `/mesos`. */
      readonly path: string;
      /** `user:password` of ZooKeeper's digest scheme. */
      readonly auth?: string;
      /** What the leader speaks; ZooKeeper does not tell. */
      readonly scheme: 'http' | 'https';
    };

const FORMS = 'http://host:port, several of them with commas, or zk://host:port,host:port/mesos';

/** `secure`: masters whose scheme is not written speak TLS. Throws, naming what is wrong, when this is no address. */
export function parseMasters(text: string, secure: boolean): MasterAddress {
  const scheme = secure ? 'https' : 'http';
  if (text.startsWith('zk://')) return zookeeper(text, scheme);
  const origins = text.split(',').map((part) => originOf(part.trim(), scheme));
  return { kind: 'list', origins };
}

/** For logs and messages. */
export function printMasters(address: MasterAddress): string {
  return address.kind === 'list' ? address.origins.join(',') : `zk://${address.servers}${address.path}`;
}

function originOf(text: string, scheme: string): string {
  // Without a scheme it needs a port, or any word would be an address.
  const url = /^[^:/]+:\d+$/.test(text) ? `${scheme}://${text}` : text;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(`"${text}" is no address of a Mesos master: give --master as ${FORMS}`);
  }
  const { origin, pathname, search, hash, username, password } = new URL(url);
  if (username || password) {
    throw new Error('the address of a Mesos master holds no credentials: give them with --mesos-secret-file');
  }
  if (pathname !== '/' || search || hash) {
    throw new Error(`"${text}" is no address of a Mesos master: leave out what follows the port`);
  }
  return origin;
}

function zookeeper(text: string, scheme: 'http' | 'https'): MasterAddress {
  const [, auth, servers = '', path = ''] = /^zk:\/\/(?:(.*)@)?([^@/]*)(.*)$/.exec(text) ?? [];
  const said = `zk://${servers}${path}`;
  if (!servers.split(',').every((server) => /^[^\s:]+(:\d+)?$/.test(server) && URL.canParse(`http://${server}`))) {
    throw new Error(`"${said}" names no ZooKeeper servers: expected zk://host:port,host:port/mesos`);
  }
  if (!/^(\/[^/\s?#]+)+\/?$/.test(path)) {
    throw new Error(`"${said}" names no node: add the path below which the masters elect their leader, usually /mesos`);
  }
  if (auth !== undefined && !/^[^:]+:.+$/.test(auth)) {
    throw new Error(`"${said}" has credentials that are none: expected zk://user:password@host:port/mesos`);
  }
  return { kind: 'zookeeper', servers, path: path.replace(/\/$/, ''), scheme, ...(auth ? { auth } : {}) };
}
