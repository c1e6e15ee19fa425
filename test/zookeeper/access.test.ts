/** Who may read and write a service's nodes: digest credentials, as upstream uses them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../runtime/store/open.ts';
import { proxyTo } from '../support/tcp-proxy.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { withZooKeeper } from '../support/zookeeper-client.ts';
import { openTree, put, textAt } from '../support/zookeeper-tree.ts';

let server: ZooKeeperServer;
beforeAll(async () => {
  server = await startZooKeeper();
}, INSTALL_MS);
afterAll(() => server.dispose());

const ALL = 31;
const READ = 1;

/** A service whose scheduler has credentials, after its first start. */
async function guarded(node: string) {
  const at = { servers: server.address, node };
  const tree = await openTree({ ...at, auth: 'ada:secret' });
  await tree.commit([put('Tasks/a/TaskInfo', 'info')]);
  await tree.close();
  return at;
}

const accessTo = (path: string) => withZooKeeper(server, (zk) => zk.access(path));

describe('a service with credentials', () => {
  test('lets others read, and only itself write', async () => {
    const { node } = await guarded('/dcos-service-guarded');
    for (const path of ['', '/Tasks', '/Tasks/a/TaskInfo', '/lock', '/lock/locks', '/lock/leases']) {
      expect(await accessTo(node + path), path).toMatchObject([
        { permission: ALL, id: { scheme: 'digest', id: expect.stringMatching(/^ada:/) } },
        { permission: READ, id: { scheme: 'world', id: 'anyone' } },
      ]);
    }
  });

  test.each([
    ['another password', 'ada:wrong', 'to the user ada with this password'],
    ['another user', 'bob:secret', 'to the user bob with this password'],
    ['no credentials', undefined, 'without a user and a password'],
  ])('refuses a scheduler with %s before it has read anything', async (_, auth, who) => {
    const at = await guarded(`/dcos-service-${_.replaceAll(' ', '-')}`);
    await expect(openTree({ ...at, ...(auth ? { auth } : {}) })).rejects.toThrow(
      `ZooKeeper at ${server.address} refuses ${at.node} ${who}: it was made by another one`,
    );
  });

  test('opens again for its own scheduler, which still writes after a broken connection', async () => {
    const { node } = await guarded('/dcos-service-own');
    const proxy = await proxyTo(server.port);
    const tree = await openTree({ servers: proxy.address, node, auth: 'ada:secret' });
    const first = tree.commit([put('a')]);
    proxy.cut();
    await Promise.all([first, tree.commit([put('b')])]);
    expect(await textAt(tree, 'b')).toBe('b');
    await tree.close();
    proxy.close();
  });

  test('takes over nodes that everybody may write, and guards what it adds', async () => {
    const node = '/dcos-service-open';
    const open = await openTree({ servers: server.address, node });
    await open.commit([put('Tasks/a/TaskInfo', 'info')]);
    await open.close();
    const tree = await openTree({ servers: server.address, node, auth: 'ada:secret' });
    await tree.commit([put('Tasks/a/TaskInfo', 'changed'), put('Tasks/a/TaskStatus')]);
    expect(await accessTo(`${node}/Tasks/a/TaskInfo`)).toMatchObject([{ permission: ALL, id: { scheme: 'world' } }]);
    expect(await accessTo(`${node}/Tasks/a/TaskStatus`)).toMatchObject([{ id: { scheme: 'digest' } }, {}]);
  });
});

describe('a store URL', () => {
  const address = () => server.address;

  test('names the servers; the service gives the node, with slashes folded', async () => {
    const tree = await openStore(`zk://${address()}`, { service: '/path/to/svc' });
    await tree.commit([put('servicename', '/path/to/svc')]);
    await tree.close();
    const name = await withZooKeeper(server, (zk) => zk.read('/dcos-service-path__to__svc/servicename'));
    expect(name).toBe('/path/to/svc');
  });

  test('may spell the node out, below others, and give credentials', async () => {
    const tree = await openStore(`zk://ada:p@ss/w:rd@${address()}/a/b/`);
    await tree.commit([put('c')]);
    await tree.close();
    expect(await accessTo('/a/b/c')).toMatchObject([{ id: { id: expect.stringMatching(/^ada:/) } }, {}]);
  });

  test.each([
    ['without a name for the service', 'zk://host:1', {}, 'set FRAMEWORK_NAME'],
    ['without a server', 'zk://', { service: 'x' }, 'the store "zk://" names no server ""'],
    ['with an empty server', 'zk://a:1,,b', { service: 'x' }, 'names no server ""'],
    ['with a port that is none', 'zk://a:port', { service: 'x' }, 'names no server "a:port"'],
    ['with a user alone', 'zk://ada@a:1', { service: 'x' }, 'needs both a user and a password, as user:password'],
    ["with ZooKeeper's own node", 'zk://a:1/zookeeper', {}, 'names no node "/zookeeper"'],
    ['with an empty name', 'zk://a:1/x//y', {}, 'names no node "/x//y"'],
    [
      'with a password alone from elsewhere',
      'zk://a:1',
      { service: 'x', auth: ':y' },
      'MAINSTAY_STORE_AUTH needs both',
    ],
  ])('is refused %s', async (_, url, options, message) => {
    await expect(openStore(url, options)).rejects.toThrow(message);
  });

  test('is refused without its password', async () => {
    const refusal = await openStore('zk://ada:secret@a:port').catch((error: Error) => error.message);
    expect(refusal).toContain('zk://ada:***@a:port');
    expect(refusal).not.toContain('secret');
  });
});
