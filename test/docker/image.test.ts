/**
 * The image, without Docker: the steps of the Dockerfile in plain directories, from a clean clone. What comes out runs as nobody
 * in a tree that cannot be written.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mesosTasks, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed } from '../support/service.ts';
import { root, workplace } from '../support/workplace.ts';
import { execute, runContainer } from './container.ts';
import { below, build, type Image } from './image.ts';

/** Two installs and a compilation, on a machine that may be busy. */
const BUILD_MS = 300_000;

let directory: string;
let image: Image;

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'mainstay-image-')));
  chmodSync(directory, 0o755);
  const clone = join(directory, 'clone');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  image = await build({ directory: clone, images: {}, scratch: join(directory, 'stages') });
  execFileSync('chmod', ['-R', 'a-w,a+rX', image.root]);
}, BUILD_MS);

afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', directory]);
  rmSync(directory, { recursive: true, force: true });
}, BUILD_MS);

test('it holds the program and what that needs to run, not what built it', () => {
  expect(existsSync(below(image, 'node_modules/lmdb'))).toBe(true);
  for (const tool of ['typescript', 'vitest', 'protobufjs-cli', '@biomejs']) {
    expect(existsSync(below(image, `node_modules/${tool}`)), tool).toBe(false);
  }
  for (const path of ['runtime', 'test', 'scripts', '.git']) expect(existsSync(below(image, path)), path).toBe(false);
});

test('without arguments it explains itself', async () => {
  const container = runContainer(image);
  expect(await container.ended, container.output()).toBe(0);
  expect(container.output()).toContain('Usage: mainstay');
});

test('it deploys a service, is healthy, and ends at once with 0 when it is stopped', async () => {
  const cluster = await startCluster(workplace());
  const store = mkdtempSync(join(tmpdir(), 'mainstay-store-'));
  chmodSync(store, 0o777);
  const port = await freePort();
  const env = { PORT_API: String(port), MESOS_MASTER: cluster.url, MAINSTAY_STORE: `file:${store}/state` };
  try {
    expect(await execute(image, image.health, env)).toBe(1);
    const container = runContainer(image, ['run', 'frameworks/hello-world'], env);
    await eventually(() => expect(container.output()).toContain('scheduler started'));
    await deployed(port);
    expect(await execute(image, image.health, env)).toBe(0);
    const before = await mesosTasks(cluster.url);
    await container.signal('SIGTERM');
    expect(await container.ended, container.output()).toBe(0);
    expect(await mesosTasks(cluster.url)).toEqual(before);
  } finally {
    rmSync(store, { recursive: true });
  }
});

test('it ends at once also when it is stopped while it waits for its store', async () => {
  const env = { MAINSTAY_STORE: 'zk://127.0.0.1:1' };
  const container = runContainer(image, ['run', 'frameworks/hello-world'], env);
  await eventually(() => expect(container.output()).toContain('taken from the package'));
  await container.signal('SIGTERM');
  expect(await container.ended, container.output()).toBe(0);
});

test('a service is packaged by adding its folder, as the manual says', async () => {
  const manual = readFileSync(join(root, 'docs/production.md'), 'utf8');
  const [, dockerfile] = /```dockerfile\n([\s\S]*?)```/.exec(manual)!;
  const context = join(directory, 'shop-context');
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), dockerfile!);
  cpSync(join(root, 'frameworks/data-store'), join(context, 'shop'), { recursive: true });
  const images = { 'mainstay:0.1.0': image };
  const packaged = await build({ directory: context, images, scratch: join(directory, 'shop') });
  expect(packaged.cmd).toEqual(['run', 'frameworks/shop']);
  const container = runContainer(packaged, ['validate', 'frameworks/shop']);
  expect(await container.ended, container.output()).toBe(0);
});
