/** A real TLS handshake over loopback, each side asking the other for its certificate. Promises to trust one root and nothing else. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type PeerCertificate, type SecureContextOptions, type TLSSocket } from 'node:tls';

/** Both sides are `own`; resolves with the fingerprint that both see of the other. Rejects when one does not trust the other. */
export async function shakenHands(own: SecureContextOptions, ca: string, name: string): Promise<string> {
  const server = createServer({ ...own, ca, requestCert: true, rejectUnauthorized: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const client = connect({ ...own, ca, host: '127.0.0.1', port, servername: name });
  try {
    await once(client, 'secureConnect');
    const [socket] = await accepted;
    const seen = [client, socket].map((side) => (side.getPeerCertificate() as PeerCertificate).fingerprint256);
    if (seen[0] !== seen[1]) throw new Error(`the sides see ${seen.join(' and ')}`);
    return seen[0] ?? '';
  } finally {
    accepted.catch(() => {});
    client.destroy();
    server.close();
  }
}
