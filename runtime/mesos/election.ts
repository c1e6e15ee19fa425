/**
 * The masters' election as ZooKeeper shows it: each master keeps an ephemeral node `json.info_<number>`, and the lowest number
 * leads (trace 17c). Promises to tell who leads whenever that changes and whenever asked; it only reads.
 */
import type { Socket } from 'node:net';
import zookeeper, { type Client } from 'node-zookeeper-client';
import type { MasterAddress } from './address.ts';

export type ElectionAddress = Extract<MasterAddress, { kind: 'zookeeper' }>;

export type Outcome =
  | { readonly kind: 'leader'; readonly origin: string }
  /** No master runs. When one does, it is told. */
  | { readonly kind: 'nobody'; readonly why: string }
  /** It cannot be known. Unless asked again, nothing more may be told. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface Election {
  /** Reads now, on a connection of its own making if `anew`. */
  look(anew: boolean): void;
  close(): void;
}

/** What we ask for: a session that ZooKeeper did not hear of for so long is gone, with its watches. It may grant another time. */
const SESSION_MS = 10_000;

export function watchElection(address: ElectionAddress, tell: (outcome: Outcome) => void): Election {
  const { servers, path, auth } = address;
  let client = open();
  let connected = false;
  let expiry: NodeJS.Timeout | undefined;

  function open(): Client {
    const mine = zookeeper.createClient(servers, { sessionTimeout: SESSION_MS, spinDelay: 1000, retries: 0 });
    if (auth !== undefined) mine.addAuthInfo('digest', Buffer.from(auth));
    const heard = (what: string, react: () => void) => mine.on(what, () => mine === client && react());
    heard('connected', () => {
      connected = true;
      clearTimeout(expiry);
      read();
    });
    // Whether the session ended meanwhile is told only by a server that answers, and not by this library: count for ourselves.
    heard('disconnected', () => {
      connected = false;
      clearTimeout(expiry);
      expiry = setTimeout(reopen, mine.getSessionTimeout());
    });
    mine.connect();
    return mine;
  }

  function reopen(): void {
    clearTimeout(expiry);
    connected = false;
    drop(client);
    client = open();
  }

  /** Reads who leads, and watches the election from then on. */
  function read(): void {
    const mine = client;
    const told = (outcome: Outcome) => mine === client && tell(outcome);
    const failed = (error: Error | zookeeper.Exception) => {
      const what = 'name' in error ? error.name : String(error);
      told({ kind: 'unknown', why: `ZooKeeper at ${servers} cannot read ${path}: ${what}` });
    };
    mine.getChildren(path, changed, (error, children) => {
      if (error) return failed(error);
      const node = lowest(children);
      if (node === undefined) return told({ kind: 'nobody', why: `no master leads at zk://${servers}${path}` });
      mine.getData(`${path}/${node}`, (error, data) => {
        // The leader just went: the watch tells what follows.
        if (error && 'code' in error && error.code === zookeeper.Exception.NO_NODE) return;
        if (error) return failed(error);
        const origin = originOf(String(data), address.scheme);
        if (origin !== undefined) told({ kind: 'leader', origin });
        else told({ kind: 'unknown', why: `zk://${servers}${path}/${node} does not say where the leading master is` });
      });
    });
  }

  /** One function, so that the library, which keeps watches over reconnections, keeps one. */
  function changed(): void {
    if (connected) read();
  }

  return {
    look(anew) {
      if (anew) reopen();
      else if (connected) read();
    },
    close() {
      clearTimeout(expiry);
      drop(client);
    },
  };
}

/** Ends a session at once: the library would wait for the server, which may never answer. */
function drop(client: Client): void {
  client.removeAllListeners();
  client.close();
  (client as unknown as { connectionManager: { socket?: Socket } }).connectionManager.socket?.destroy();
}

function lowest(nodes: readonly string[]): string | undefined {
  return nodes
    .filter((node) => /^json\.info_\d{10}$/.test(node))
    .sort()
    .at(0);
}

/** Where the master of this MasterInfo listens. A certificate names a host rather than an address. */
function originOf(masterInfo: string, scheme: string): string | undefined {
  try {
    const { address } = JSON.parse(masterInfo) as { address: { hostname?: string; ip?: string; port: number } };
    const host = (scheme === 'https' ? address.hostname : address.ip) ?? address.ip ?? address.hostname ?? '';
    const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    return URL.canParse(url) ? new URL(url).origin : undefined;
  } catch {
    return undefined;
  }
}
