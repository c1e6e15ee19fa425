/** The network between a client and a server, for a test to break. Promises to pass every byte on, in order, but for what it is told. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of bytes on their way; may cut the connections, too. */
export type Rule = (bytes: Buffer) => Buffer;

export interface TcpProxy {
  readonly port: number;
  /** `host:port`, for the client to connect to. */
  readonly address: string;
  /** Of the client; pass all unless set. */
  toServer: Rule;
  toClient: Rule;
  /** From now on no byte gets through; connections stay open, and new ones are accepted. */
  silence(): void;
  /** What waited gets through, and all after it. */
  heal(): void;
  /** Breaks all connections. */
  cut(): void;
  close(): void;
}

export const pass: Rule = (bytes) => bytes;

/** Listens on a free port of 127.0.0.1 and connects to this one of 127.0.0.1 for every client. */
export async function proxyTo(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let silent = false;

  function track(socket: Socket, other: Socket, rule: () => Rule): void {
    sockets.add(socket);
    if (silent) socket.pause();
    socket.setNoDelay();
    socket.on('data', (bytes) => void other.write(rule()(bytes)));
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    track(client, upstream, () => proxy.toServer);
    track(upstream, client, () => proxy.toClient);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const proxy: TcpProxy = {
    port,
    address: `127.0.0.1:${port}`,
    toServer: pass,
    toClient: pass,
    silence() {
      silent = true;
      for (const socket of sockets) socket.pause();
    },
    heal() {
      silent = false;
      for (const socket of sockets) socket.resume();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      server.close();
      proxy.cut();
    },
  };
  return proxy;
}
