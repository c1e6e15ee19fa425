/**
 * Debian's Chromium, as an operator has it. Promises to know the page only as it is drawn, and to keep whatever the browser
 * complained of: errors, refused content, and requests to anybody but the scheduler.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { requirePackages } from '../support/debian.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Whoever opens the browser may have to install it first. */
export const INSTALL_MS = 300_000;

/** What is waited for on the page; a busy machine takes its time. */
const PATIENCE_MS = 20_000;

export interface Watched {
  readonly page: Page;
  /** What went wrong in the browser so far. A scheduler that does not answer is no fault of the page. */
  readonly complaints: readonly string[];
}

export function openBrowser(): Promise<Browser> {
  requirePackages(() => (existsSync(CHROMIUM) ? [] : ['chromium']));
  // Chromium refuses to be its own sandbox for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A page of its own, with nothing kept from others. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (['error', 'warning'].includes(message.type()) && !text.includes('net::ERR_')) complaints.push(text);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}
