/**
 * An operator's day, typed at a shell: `operator-day/day.txt` is the script and what it prints. `vitest run -u` of this file writes it
 * anew. Ids, ports and the agents' numbers are masked, and whether a scheduler that was just started answers at once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster } from '../support/cluster.ts';
import { freePort } from '../support/port.ts';
import { type Program, root, type Workplace, workplace } from '../support/workplace.ts';

const folder = join(root, 'test/e2e/operator-day');
const golden = join(folder, 'day.txt');

test('install, scale, pause, replace, upgrade with a canary, uninstall', async () => {
  const shell = await openShell(workplace());
  const said: string[] = [];
  for (const line of readFileSync(golden, 'utf8').split('\n')) {
    if (line.startsWith('$ ')) said.push(line, ...(await shell(line.slice(2))));
    else if (line.startsWith('#')) said.push(...(said.length > 0 ? [''] : []), line);
  }
  await expect(`${said.join('\n')}\n`).toMatchFileSnapshot(golden);
});

/** Runs a line and resolves to what it prints; a line that ends with `&` goes on, and another one of its verb ends it. */
async function openShell(place: Workplace): Promise<(line: string) => Promise<string[]>> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let master = '';
  let scheduler: Program | undefined;
  return async (line) => {
    const words = line.split(' ');
    const env = Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('=')));
    const [verb = '', ...args] = words.filter((word) => !word.includes('=') && word !== 'mainstay' && word !== '&');
    switch (verb) {
      case 'cluster':
        master = (await startCluster(place)).url;
        return [];
      case 'run': {
        await scheduler?.kill();
        const store = `file:${join(place.directory, 'store')}`;
        const flags = ['--master', master, '--store', store, '--port', String(port), '--advertise', '127.0.0.1'];
        scheduler = place.mainstay(['run', folder, ...flags, ...args], env);
        return [];
      }
      default: {
        const where = verb === 'preview' ? [folder] : [];
        const { code, stdout, stderr } = await place.mainstay([verb, ...where, ...args], { ...env, MAINSTAY_URL: url })
          .ended;
        return masked(stdout + stderr + (code === 0 ? '' : `exit code ${code}\n`));
      }
    }
  };
}

function masked(text: string): string[] {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/(\d+\.\d+\.\d+\.\d+|directory):\d+/g, '$1:<port>')
    .replaceAll(/agent-\d/g, 'agent-<n>')
    .replaceAll(/.*; trying again\n/g, '')
    .trimEnd()
    .split('\n');
}
