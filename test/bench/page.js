/**
 * The operator's page in a real browser: how soon somebody who opens it sees a plan. Promises the built program with the pods stored
 * beforehand, and a browser that has nothing of the page yet.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { masterOf, storedService } from './stored.js';
import { freePort } from './zookeeper.js';

const CHROMIUM = '/usr/bin/chromium';

/** Why there is no browser to measure with, if there is none. */
export function withoutChromium() {
  return existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing: apt-get install --no-install-recommends chromium`;
}

/** From the request for the page to the picture that has the first plan in it, by the browser's own clock. */
export async function firstPaint(stage, pods) {
  const { args, records } = await storedService(stage, pods, `file:${join(stage.directory, 'store')}`);
  const master = await masterOf(stage, records);
  const port = String(await freePort());
  const { child, says } = stage.serve([...args, '--master', master.address], { PORT_API: port, MESOS_JSON: 'true' });
  while (!says().includes('"subscribed"')) await once(child.stderr, 'data', { signal: stage.signal });

  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  stage.defer(() => browser.close());
  const page = await browser.newPage();
  const url = `http://127.0.0.1:${port}/`;
  await page.addInitScript(() => {
    globalThis.drawn = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('#plans details')) return;
        observer.disconnect();
        // The callback comes before a picture is made, the next one after it.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
      }).observe(document, { childList: true, subtree: true });
    });
  });
  await page.goto(url);
  const elapsedMs = await page.evaluate(() => globalThis.drawn);
  const drawn = await page.locator('#pods .tree .tree > li').count();
  if (drawn !== pods) throw new Error(`${drawn} of ${pods} pods are on the page`);
  return elapsedMs;
}
