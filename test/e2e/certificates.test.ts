/** `mainstay run` beside the services of a DC/OS cluster: certificates are there before the task is, and gone after the service. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster } from '../support/cluster.ts';
import { dcos } from '../support/dcos.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { get, logs, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

const SHOP = `
name: shop
pods:
  web:
    count: 1
    tasks:
      server:
        goal: RUNNING
        cmd: sleep 1000
        cpus: 0.1
        memory: 32
        transport-encryption:
          - { name: server, type: TLS }
          - { name: java, type: KEYSTORE }
`;

/** The files of the sandbox that the task was launched with, and the secrets that they come from. */
async function mounted(port: number, pod: string): Promise<[string, string][]> {
  interface Volume {
    readonly containerPath: string;
    readonly source: { readonly secret: { readonly reference: { readonly name: string } } };
  }
  const [task] = (await (await get(port, `v1/pod/${pod}/info`)).json()) as {
    info: { container: { volumes: Volume[] } };
  }[];
  const { volumes } = task!.info.container;
  return volumes.map(({ containerPath, source }) => [containerPath, source.secret.reference.name]);
}

test('a task waits until its certificates are in the secret store, whatever dies meanwhile; an uninstall removes them', async () => {
  const place = workplace();
  const definition = join(place.directory, 'svc.yml');
  writeFileSync(definition, SHOP);
  const services = await dcos();
  const { url: master } = await startCluster(place);
  const port = await freePort();
  const options = { master, port, definition, env: { DCOS_SERVICE_ACCOUNT_CREDENTIAL: services.credential } };

  // The store is sealed when the first certificate is whole and the second one half-written.
  const writes = () => services.asked.filter((question) => question.startsWith('PUT')).length;
  services.meddle = (question) => (question.startsWith('PUT') && writes() > 7 ? [503, 'sealed'] : undefined);
  const first = run(place, options);
  await eventually(async () => {
    const why = await (await get(port, 'v1/pod/web-0/why')).text();
    expect(why).toMatch(/waits for certificates: PUT .* answered 503/);
  });
  expect(first.stderr()).not.toContain('"msg":"launch"');
  await first.kill();

  services.meddle = () => undefined;
  const second = run(place, options);
  await logs(second, 'launch');
  const files = await mounted(port, 'web-0');
  const names = ['server.crt', 'server.key', 'server.ca', 'java.keystore', 'java.truststore'];
  expect(files.map(([file]) => file)).toEqual(names);
  for (const [, secret] of files) expect([...services.secrets.keys()]).toContain(secret);
  expect(services.secrets.size).toBe(2 * 5);
  await second.kill();

  run(place, options, ['--uninstall']);
  await planIs(port, 'deploy', 'COMPLETE');
  expect(services.secrets.size).toBe(0);
});
