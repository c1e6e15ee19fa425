/** The stores as Java itself sees them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dcos } from '../../support/dcos.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { certificateOf, fulfilmentAt } from './ordering.ts';

/** What keytool lists of a store that it is told to be of the type JKS, as older programs do. */
function listed(file: string): string {
  const { error, status, stdout } = spawnSync(
    'keytool',
    ['-J-XX:TieredStopAtLevel=1', '-list', '-v', '-storetype', 'JKS', '-storepass', 'notsecure', '-keystore', file],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (error) throw new Error('this test needs a Java runtime: apt-get install default-jre-headless');
  expect(status, stdout).toBe(0);
  return stdout;
}

test('Java finds the key with its chain, and the root as one to trust, under the names that the field knows', async () => {
  const cluster = await dcos();
  const order = certificateOf(0);
  await (await fulfilmentAt(cluster))(order);
  const directory = temporaryDirectory();
  const [keystore = '', truststore = ''] = (['keystore', 'truststore'] as const).map((artifact) => {
    const file = join(directory, artifact);
    writeFileSync(file, Buffer.from(cluster.secrets.get(order.secrets[artifact])?.value ?? '', 'base64'));
    return listed(file);
  });
  expect(keystore).toMatch(/Alias name: default\n.*\nEntry type: PrivateKeyEntry\nCertificate chain length: 3\n/);
  expect(keystore.match(/^Owner: .*/gm)).toEqual([
    'Owner: CN=web-0-server.shop, O="Mesosphere, Inc", L=San Francisco, ST=CA, C=US',
    'Owner: CN=test intermediate',
    'Owner: CN=test root',
  ]);
  expect(truststore).toMatch(/Alias name: dcos-root\n.*\nEntry type: trustedCertEntry\n\nOwner: CN=test root\n/);
});
