// `node test/page/screenshots.js`: writes the pictures of docs/page.md, from the built program: a deployment of data-store that asks for
// one instance more than its agents may hold.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const dataDir = mkdtempSync(join(tmpdir(), 'mainstay-pictures-'));
const args = ['dev', 'frameworks/data-store', '-e', 'DATA_COUNT=7', '--port', '0', '--data-dir', dataDir];
const dev = spawn(process.execPath, ['bin/mainstay.js', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(dev, 'exit');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const url = await addressOf(dev);
  await picture(url, 'page-light', { viewport: { width: 1100, height: 760 } });
  await picture(url, 'page-dark', { viewport: { width: 1100, height: 760 }, colorScheme: 'dark' });
  await picture(url, 'page-phone', { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.locator('#pods summary', { hasText: 'data-6' }).click();
    await page.locator('#pods').evaluate((pods) => pods.scrollIntoView());
    await page.mouse.wheel(0, -50);
  });
  await picture(url, 'page-replace', { viewport: { width: 760, height: 420 } }, async (page) => {
    await page.locator('#pods summary', { hasText: 'data-1' }).last().click();
    await page.getByRole('button', { name: 'Replace … data-1' }).click();
  });
} finally {
  await browser.close();
  dev.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}

/** Where the page is, once all instances that find a place have one. Goes on to read: who prints to nobody ends. */
async function addressOf(program) {
  let said = '';
  program.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  while (!said.includes('data-5:[node] COMPLETE')) await Promise.race([once(program.stdout, 'data'), hasEnded()]);
  return `${/http:\/\/127\.0\.0\.1:\d+/.exec(said)[0]}/`;
}

async function hasEnded() {
  const [code, signal] = await ended;
  throw new Error(`dev ended with ${signal ?? code}`);
}

async function picture(url, name, options, act = async () => {}) {
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.locator('#notes').getByText('no place yet').waitFor();
  await act(page);
  await page.screenshot({ path: join(root, `docs/images/${name}.png`) });
  await page.close();
}
