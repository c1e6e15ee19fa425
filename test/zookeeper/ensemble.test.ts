/** Three servers: what a scheduler notices when one of them fails. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proxyTo } from '../support/tcp-proxy.ts';
import { INSTALL_MS, startEnsemble, type ZooKeeperServer } from '../support/zookeeper.ts';
import { withZooKeeper } from '../support/zookeeper-client.ts';
import { openTree, put, textAt } from '../support/zookeeper-tree.ts';

const LONG_MS = 30_000;

let servers: ZooKeeperServer[];
beforeAll(async () => {
  servers = await startEnsemble();
}, INSTALL_MS);
afterAll(() => Promise.all(servers.map((server) => server.dispose())));

const addresses = (of: readonly { address: string }[]) => of.map(({ address }) => address).join(',');

test('the leader dies between and within commits: all that was reported is stored, once, and the lock is kept', async () => {
  const tree = await openTree({ servers: addresses(servers), node: '/dcos-service-ensemble', sessionMs: LONG_MS });
  let count = 0;
  const commit = () => tree.commit([put('count', String(++count)), put(`once/${count}`)]);
  await commit();
  for (const when of ['between', 'within']) {
    const parts = await Promise.all(servers.map((server) => server.serving()));
    const leader = servers[parts.indexOf('leader')]!;
    const underWay = when === 'within' ? commit() : Promise.resolve();
    await leader.kill();
    await underWay;
    await commit();
    leader.start();
    await leader.serving();
  }
  await commit();
  await withZooKeeper(servers[0]!, async (zk) => {
    expect(await zk.children('/dcos-service-ensemble/once')).toHaveLength(count);
    expect(await zk.read('/dcos-service-ensemble/count')).toBe(String(count));
    expect(await zk.children('/dcos-service-ensemble/lock/leases')).toHaveLength(1);
  });
});

test('without a majority a commit waits, and takes effect when there is one again', async () => {
  const tree = await openTree({ servers: addresses(servers), node: '/dcos-service-majority', sessionMs: LONG_MS });
  const [, ...others] = servers;
  await Promise.all(others.map((server) => server.kill()));
  const waiting = tree.commit([put('a')]);
  others[0]!.start();
  await waiting;
  others[1]!.start();
  await others[1]!.serving();
  expect(await textAt(tree, 'a')).toBe('a');
});

test('a server that cannot be heard any more is left for another one, within the session', async () => {
  const proxies = await Promise.all(servers.map(({ port }) => proxyTo(port)));
  const tree = await openTree({ servers: addresses(proxies), node: '/dcos-service-silent', sessionMs: 6_000 });
  const ours = await new Promise<(typeof proxies)[number]>((resolve) => {
    for (const proxy of proxies) {
      proxy.toServer = (bytes) => {
        resolve(proxy);
        return bytes;
      };
    }
    tree.commit([put('a', '1')]);
  });
  await tree.commit([put('a', '2')]);
  ours.silence();
  await tree.commit([put('a', '3')]);
  expect(await textAt(tree, 'a')).toBe('3');
  await tree.close();
  for (const proxy of proxies) proxy.close();
});
