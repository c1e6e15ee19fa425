/** Ports for servers that must be told one. Promises a port that nobody listens on, below those that the system hands out itself. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux gives outgoing connections ports from 32768 on, and the agents of the embedded cluster offer those below 20000. */
const FIRST = 20_000;
const COUNT = 12_000;

/** A free port of 127.0.0.1; not the same twice in a row, so that one which was closed is not met again at once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch {
      // Taken: try another one.
    } finally {
      server.close();
    }
  }
}
