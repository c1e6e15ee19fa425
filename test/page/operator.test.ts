/** An operator's hour before the page, with real processes: a canary let through, a restart of the scheduler, a pod replaced. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, volumeOf } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';
import { INSTALL_MS, openBrowser, openPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, INSTALL_MS);
afterAll(() => browser?.close());

const DEFINITION = `name: canary
pods:
  web:
    count: 2
    tasks:
      server:
        goal: RUNNING
        cmd: 'exec sleep 1000'
        env: { COLOUR: '{{COLOUR}}', PASSWORD: '{{PASSWORD}}' }
        cpus: 0.1
        memory: 32
        volume: { path: web-data, type: ROOT, size: 16 }
        ports:
          http: { port: 0, env-key: PORT_HTTP, advertise: true }
plans:
  deploy:
    phases:
      rollout: { pod: web, strategy: canary }
`;

test('a rollout is let through and watched, over a restart of the scheduler; then a pod is replaced', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const definition = join(place.directory, 'canary');
  mkdirSync(definition);
  writeFileSync(join(definition, 'svc.yml'), DEFINITION);
  const start = { master: cluster.url, port, definition };
  const url = `http://127.0.0.1:${port}/`;
  const first = run(place, { ...start, env: { COLOUR: 'blue', PASSWORD: 'old-secret' } });
  await eventually(async () => expect((await fetch(url)).ok).toBe(true));

  const { page, complaints } = await openPage(browser, url);
  const headline = page.locator('#headline');
  const resume = page.getByRole('button', { name: 'Resume phase rollout' });
  const pod = (name: string) => page.locator('#pods .tree .tree > li', { hasText: name });

  // The plan is held by its canary gate, and goes on when the operator says so.
  await headline.getByText('held and waits for you: 0 of 2').waitFor();
  await resume.click();
  await pod('web-0').getByText('RUNNING').waitFor();
  await headline.getByText('held and waits for you: 1 of 2').waitFor();
  await resume.click();
  await headline.getByText('Everything is deployed').waitFor();
  await page.evaluate('globalThis.sameDocument = true');

  // The scheduler is gone; nothing on the page pretends to be so now.
  await first.kill();
  await page.getByText(/connection lost, last seen \d+ s ago/).waitFor();

  // It comes back with a changed configuration, and the page with it.
  run(place, { ...start, env: { COLOUR: 'green', PASSWORD: 'new-secret' } });
  await page.getByText('live', { exact: true }).waitFor();
  await headline.getByText('held and waits for you: 0 of 2').waitFor();
  expect(await page.evaluate('globalThis.sameDocument'), 'without being loaded again').toBe(true);
  await pod('web-0').getByText('earlier configuration').waitFor();
  const earlier = page.locator('#configurations .tree > li', { hasText: 'earlier, ' });
  await earlier.click();
  const changes = earlier.getByRole('table');
  expect(await changes.innerText()).toMatch(/environment\.COLOUR\s+− "blue"\s+\+ "green"/);
  await resume.click();
  await headline.getByText('held and waits for you: 1 of 2').waitFor();
  await pod('web-1').getByText('earlier configuration').waitFor();
  await resume.click();
  await headline.getByText('Everything is deployed').waitFor();
  await expect.poll(() => page.getByText('earlier configuration').count()).toBe(0);

  // Replacing says which data dies. No is no.
  const volume = volumeOf(cluster.workDir, 'web-1-server', 'web-data');
  await pod('web-1').locator('summary').click();
  await pod('web-1').getByRole('button', { name: 'Replace … web-1' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace web-1?' });
  await dialog.getByText(/^volume web-data of web-1-server, 16 MB, on agent-\d$/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(volumeOf(cluster.workDir, 'web-1-server', 'web-data')).toBe(volume);
  await pod('web-1').getByRole('button', { name: 'Replace … web-1' }).click();
  await dialog.getByRole('button', { name: 'Replace web-1, destroy its data' }).click();
  await page.locator('#said').getByText('Replace web-1: Done.').waitFor();
  await eventually(() => expect(volumeOf(cluster.workDir, 'web-1-server', 'web-data')).not.toBe(volume));
  await page.locator('#plans .tree > li', { hasText: 'in a new place' }).first().waitFor();
  await headline.getByText('Everything is deployed').waitFor();
  expect(complaints).toEqual([]);
});
