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
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const url = await addressOf(dev);
  await picture(url, 'page-light', { viewport: { width: 1100, height: 760 } });
  await picture(url, 'page-dark', { viewport: { width: 1100, height: 760 }, colorScheme: 'dark' });
  await picture(url, 'page-phone', { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.locator('#pods').scrollIntoViewIfNeeded();
    await page.locator('#pods').getByText('data-6').click();
    await page
      .locator('#pods')
      .getByText('excluded')
      .first()
      .waitFor({ timeout: 2000 })
      .catch(() => {});
    await page.locator('#pods summary', { hasText: 'meta-data-1' }).first().scrollIntoViewIfNeeded();
  });
  await picture(url, 'page-replace', { viewport: { width: 760, height: 420 } }, async (page) => {
    await page.locator('#pods summary', { hasText: 'data-1' }).last().click();
    await page.getByRole('button', { name: 'Replace … data-1' }).click();
  });
} finally {
  await browser.close();
  dev.kill('SIGTERM');
  await once(dev, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

async function addressOf(program) {
  let said = '';
  for await (const chunk of program.stdout) {
    said += chunk;
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    if (url && said.includes('data-5:[node] COMPLETE')) {
      program.stdout.resume();
      return `${url}/`;
    }
  }
  throw new Error(`dev ended:\n${said}`);
}

async function picture(url, name, options, act = async () => {}) {
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.locator('#notes').getByText('no place yet').waitFor();
  await act(page);
  await page.screenshot({ path: join(root, `docs/images/${name}.png`) });
  await page.close();
}
