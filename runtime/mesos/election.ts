/**
 * The masters' election as ZooKeeper shows it: each master keeps an ephemeral node `json.info_<number>`, and the lowest number
 * leads (trace 17c). Promises to tell who leads whenever that changes and whenever asked; it only reads.
 */
import { type Client, Exception } from 'node-zookeeper-client';
import type { MasterAddress } from './address.ts';

export type ElectionAddress = Extract<MasterAddress, { kind: 'zookeeper' }>;

/** What is needed of a session with ZooKeeper: requests that are answered in time, or its end. */
export interface ElectionSession {
  request<T>(send: (client: Client, done: (error: Error | Exception | null, value: T) => void) => void): Promise<T>;
  close(): Promise<void>;
}

/** Rejects when nobody answers within `timeoutMs`. `onEnd`: the session is over, and its watches with it. */
export type OpenElectionSession = (options: {
  readonly servers: string;
  readonly auth?: string;
  readonly timeoutMs: number;
  readonly onEnd: (error: Error) => void;
}) => Promise<ElectionSession>;

export type Outcome =
  | { readonly kind: 'leader'; readonly origin: string }
  /** No master runs. When one does, it is told. */
  | { readonly kind: 'nobody'; readonly why: string }
  /** It cannot be known now. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface Election {
  /** Reads now, if there is a session; else what follows is told once there is. */
  look(): void;
  close(): void;
}

const SESSION_MS = 10_000;

export function watchElection(
  { servers, path, auth, scheme }: ElectionAddress,
  openSession: OpenElectionSession,
  tell: (outcome: Outcome) => void,
): Election {
  let session: ElectionSession | undefined;
  let closed = false;

  async function open(): Promise<void> {
    let opened: ElectionSession | undefined;
    try {
      opened = await openSession({
        servers,
        ...(auth === undefined ? {} : { auth }),
        timeoutMs: SESSION_MS,
        onEnd: () => opened && session === opened && over(`the session with ZooKeeper at ${servers} ended`),
      });
      session = opened;
      if (closed) await opened.close();
      else look();
    } catch (error) {
      over((error as Error).message);
    }
  }

  function over(why: string): void {
    session = undefined;
    if (closed) return;
    tell({ kind: 'unknown', why });
    void open();
  }

  /** Also what the watch calls: one function, because the library keeps each one that it is given over reconnections. */
  function look(): void {
    const from = session;
    if (!from || closed) return;
    outcome(from).then(
      (found) => found && session === from && tell(found),
      // The end of a session is told by itself.
      (error: Error) => session === from && tell({ kind: 'unknown', why: cannotRead(error) }),
    );
  }

  const cannotRead = (error: Error) =>
    isMissing(error)
      ? `ZooKeeper at ${servers} has no node ${path}: no master ever ran there`
      : `ZooKeeper at ${servers} does not let us read ${path}: ${error.message}`;

  async function outcome(from: ElectionSession): Promise<Outcome | undefined> {
    const nodes = await from.request<string[]>((zookeeper, done) => zookeeper.getChildren(path, look, done));
    const node = lowest(nodes);
    if (node === undefined) return { kind: 'nobody', why: `no master leads at zk://${servers}${path}` };
    const data = await from.request<Buffer | undefined>((zookeeper, done) =>
      zookeeper.getData(`${path}/${node}`, (error, found) => done(isMissing(error) ? null : error, found)),
    );
    // The leader just went: the watch tells what follows.
    if (data === undefined) return undefined;
    const origin = originOf(String(data), scheme);
    if (origin !== undefined) return { kind: 'leader', origin };
    return { kind: 'unknown', why: `zk://${servers}${path}/${node} does not say where the leading master is` };
  }

  void open();
  return {
    look,
    close() {
      closed = true;
      void session?.close();
    },
  };
}

function isMissing(error: Error | Exception | null): boolean {
  return error !== null && 'code' in error && error.code === Exception.NO_NODE;
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
