/** What the page promises whatever it is shown: text stays text, every way of using it works, nothing of others is asked for. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openGuard } from '../../runtime/api/guard/guard.ts';
import { explained } from '../../runtime/core/offer/explanation.ts';
import { stepId } from '../../runtime/core/plan/plan.ts';
import type { Service, State, TaskRecord } from '../../runtime/core/state.ts';
import type { DiscoveryInfo, Port } from '../../runtime/kit/mesos.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from '../unit/api/hello-world.ts';
import { INSTALL_MS, openBrowser, openPage } from './browser.ts';
import { tooFaint } from './contrast.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, INSTALL_MS);
afterAll(() => browser?.close());

function serving(service: Service, guard?: readonly RequestHandler[]): Promise<Served> {
  return servingState(stateOf(service, FRAMEWORK), guard);
}

async function servingState(state: State, guard?: readonly RequestHandler[]): Promise<Served> {
  const served = await serve(state, guard);
  onTestFinished(() => served.close());
  return served;
}

/** Opens everything in a part of the page, and what is in it. */
async function openAll(page: Page, part: string): Promise<void> {
  const closed = page.locator(part).locator('details:not([open])');
  while ((await closed.count()) > 0) await closed.evaluateAll((all) => all.map((one) => one.setAttribute('open', '')));
}

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** One task runs, one failed, one was never launched; a backup waits to be asked for. */
function middling(): Service {
  const backup = { name: 'world', pod: 'world', strategy: 'serial' } as const;
  const failed = taskRecord('world', 0, 'TASK_FAILED');
  return helloWorld([taskRecord('hello', 0, 'TASK_RUNNING'), failed], {
    plans: [{ name: 'backup', strategy: 'serial', phases: [backup] }],
    errors: ["Field: 'pod-specs'; Transition: 'a' => 'b'; Message: 'no'; Fatal: false"],
  });
}

test('two hundred pods are found on a phone, without scrolling sideways', async () => {
  const records = Array.from({ length: 200 }, (_, index) =>
    taskRecord('world', index, index === 142 ? 'TASK_LOST' : 'TASK_RUNNING'),
  );
  const { url } = await serving(helloWorld(records));
  const { page, complaints } = await openPage(browser, url, PHONE);
  const pods = page.locator('#pods .tree .tree > li');
  await expect.poll(() => pods.count()).toBe(201);
  expect(await pods.locator('.name').allInnerTexts()).toEqual([
    'hello-0',
    ...Array.from({ length: 200 }, (_, index) => `world-${index}`),
  ]);
  await pods.filter({ hasText: 'world-142' }).locator('summary').tap();
  await openAll(page, '#endpoints, #configurations, #plans > .tree > li > details > .tree > li:last-child > details');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);

  await page.getByLabel('only those that do not run').check();
  expect(await pods.locator('.name').allInnerTexts()).toEqual(['hello-0', 'world-142']);
  await page.getByLabel('Find').fill('WORLD');
  expect(await pods.locator('.name').allInnerTexts()).toEqual(['world-142']);
  expect(complaints).toEqual([]);
});

test('a pod that has no place tells what every agent lacked', async () => {
  const state = stateOf(helloWorld([], { plans: middling().plans }), FRAMEWORK);
  const lack = { need: 'cpus', wanted: '4' };
  const reasons = [
    { agent: 'agent-1', ...lack, had: '2.5' },
    { agent: 'agent-2', ...lack, had: '1' },
  ];
  state.session.explanations.set(stepId('hello-world', 'deploy', 'hello-0:[server]'), explained(reasons, 1));
  const { url } = await servingState(state);
  const { page, complaints } = await openPage(browser, url);
  await page
    .locator('#notes')
    .getByText('hello-0:[server]: no place yet: cpus: wanted 4, 2 agents cannot, the most is 2.5 on agent-1')
    .waitFor();
  const pod = page.locator('#pods .tree .tree > li', { hasText: 'hello-0' });
  await pod.getByText('PREPARED').click();
  await pod.getByText('agent-2: needs 4 cpus, 1 free').waitFor();
  expect(complaints).toEqual([]);
});

test.each([
  ['with a clipboard', ''],
  ['over plain http, where browsers have none', 'Object.defineProperty(navigator, "clipboard", { value: undefined })'],
])('addresses are copied %s', async (_, before) => {
  const port: Port = { name: 'http', number: 9042, visibility: 'EXTERNAL', protocol: 'tcp' };
  const discovery: DiscoveryInfo = { visibility: 'CLUSTER', name: 'hello-0-server', ports: { ports: [port] } };
  const { url } = await serving(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING', { discovery })]));
  const { page, complaints } = await openPage(browser, url);
  await page.evaluate(before);
  await page.locator('#endpoints').getByText('http').click();
  await page.getByRole('button', { name: 'Copy addresses of http' }).click();
  await page.getByText('Copied addresses of http.').waitFor();
  await page.getByLabel('Find').press('Control+V');
  expect(await page.getByLabel('Find').inputValue()).toBe('10.0.0.7:9042');
  expect(complaints).toEqual([]);
});

test('markup in what the scheduler tells stays text', async () => {
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const record = taskRecord('hello', 0, 'TASK_FAILED');
  record.info.labels!.labels!.find(({ key }) => key === 'offer_hostname')!.value = markup;
  const told: TaskRecord = { ...record, status: { ...record.status!, message: markup } };
  const { url } = await serving(helloWorld([told], { errors: [markup] }));
  const { page, complaints } = await openPage(browser, url);
  await page.locator('#notes').getByText(markup).waitFor();
  const pod = page.locator('#pods .tree .tree > li', { hasText: 'hello-0' });
  await pod.locator('summary').click();
  await pod.getByText(`hello-0-server: FAILED (${markup})`).waitFor();
  await pod.getByRole('button', { name: 'Replace … hello-0' }).click();
  await page.getByRole('dialog').getByText(markup).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toContain('hello-world');
  expect(complaints).toEqual([]);
});

test('a pod is restarted with the keyboard alone, and focus comes back', async () => {
  const { url, stored } = await serving(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]));
  const { page } = await openPage(browser, url);
  await page.locator('#pods').getByText('hello-0').waitFor();
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  const tabTo = async (text: string) => {
    for (let presses = 0; !(await focused()).startsWith(text); presses++) {
      expect(presses, `${text} is not reached`).toBeLessThan(40);
      await page.keyboard.press('Tab');
    }
  };
  await tabTo('hello-0');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Restart … hello-0' }).waitFor();
  await tabTo('Restart');
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
  expect(outline, 'focus is seen').toBe('solid');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Cancel');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Restart …');
  expect(stored).toEqual([]);
  await page.keyboard.press('Enter');
  await tabTo('Restart hello-0');
  await page.keyboard.press('Enter');
  await page.getByText('Restart hello-0: Done.').waitFor();
  expect(stored).toMatchObject([{ kind: 'progress', task: 'hello-0-server' }]);
});

test('a plan is started with variables, and a mistake in them is told', async () => {
  const { url, stored } = await serving(middling());
  const { page } = await openPage(browser, url);
  const backup = page.locator('#plans > .tree > li', { hasText: 'backup' });
  await backup.locator('summary').first().click();
  await backup.getByRole('button', { name: 'Start … plan backup', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Start plan backup?' });
  await dialog.getByLabel('Variables').fill('NAME');
  await dialog.getByRole('button', { name: 'Start it' }).click();
  await dialog.getByText('"NAME" is not NAME=value.').waitFor();
  await dialog.getByLabel('Variables').fill('NAME=monday=1\nA-B=c');
  await dialog.getByRole('button', { name: 'Start it' }).click();
  await dialog.getByText('A-B is not a valid environment variable name').waitFor();
  await dialog.getByLabel('Variables').fill('NAME=monday=1\n');
  await dialog.getByRole('button', { name: 'Start it' }).click();
  await page.getByText('Start plan backup: Done.').waitFor();
  expect(stored).toMatchObject([
    { kind: 'intent', plan: 'backup', intent: { run: { parameters: { NAME: 'monday=1' } } } },
  ]);
});

test.each(['light', 'dark'] as const)('every text can be read: %s', async (colorScheme) => {
  const { url } = await serving(middling());
  const { page, complaints } = await openPage(browser, url, { colorScheme });
  await page.locator('#pods').getByText('hello-0').waitFor();
  await openAll(page, 'main');
  expect(await tooFaint(page)).toEqual([]);
  await page.getByRole('button', { name: 'Replace' }).first().click();
  expect(await tooFaint(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('behind a proxy that strips a prefix, it reads and writes', async () => {
  const { handlers } = await openGuard({}, () => {});
  const { url, stored } = await serving(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), handlers);
  const { page, complaints } = await openPage(browser, `${await prefixProxy(url)}/service/hello-world/`);
  await page.locator('#pods').getByText('hello-0').click();
  await page.getByRole('button', { name: 'Pause … hello-0' }).click();
  await page.getByRole('button', { name: 'Pause hello-0' }).click();
  await page.getByText('Pause hello-0: Done.').waitFor();
  expect(stored).toContainEqual(expect.objectContaining({ kind: 'override', task: 'hello-0-server' }));
  expect(complaints).toEqual([]);
});

/** As Admin Router: `/service/<name>/...` goes on as `/...`, everything else does not. */
async function prefixProxy(to: string): Promise<string> {
  const proxy = createServer((incoming, answer) => {
    const [, path] = /^\/service\/hello-world(\/.*)$/.exec(incoming.url ?? '') ?? [];
    if (path === undefined) return void answer.writeHead(404).end();
    const { method = 'GET', headers } = incoming;
    const onward = request(`${to}${path}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test('a token is asked for once, and one that may only read is told so', async () => {
  const tokensFile = join(temporaryDirectory(), 'tokens');
  writeFileSync(tokensFile, `night read ${createHash('sha256').update('night-token').digest('hex')}\n`);
  const guard = await openGuard({ tokensFile }, () => {});
  onTestFinished(() => guard.close());
  const { url, stored } = await serving(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), guard.handlers);
  const { page } = await openPage(browser, url);
  const dialog = page.getByRole('dialog', { name: 'This scheduler wants a token' });
  await dialog.getByLabel('Token').fill('wrong');
  await page.keyboard.press('Enter');
  await dialog.getByText('It does not know the one that you gave.').waitFor();
  await dialog.getByLabel('Token').fill('night-token');
  await page.keyboard.press('Enter');
  await page.locator('#pods').getByText('hello-0').waitFor();

  await page.reload();
  await page.locator('#pods').getByText('hello-0').click();
  await page.getByRole('button', { name: 'Pause … hello-0' }).click();
  await page.getByRole('button', { name: 'Pause hello-0' }).click();
  await page.getByRole('alert').getByText('night may read, and POST changes things').waitFor();
  expect(stored).toEqual([]);
});
