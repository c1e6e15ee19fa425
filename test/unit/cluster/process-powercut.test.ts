import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCluster } from './process-build.ts';
import { marked, until } from './process-kit.ts';

let built: string;
beforeAll(() => {
  built = buildCluster();
});
afterAll(() => rmSync(built, { recursive: true }));

/** Starts trees as fast as it can, of every kind that is hard to find again, until it is killed. */
const victim = `
import { startTree } from './cluster/process.js';
import { startReaper } from './cluster/reaper.js';
const reaper = startReaper();
const commands = [
  'sleep 2001',
  'trap "" TERM HUP; sleep 2002 & sleep 2003',
  '(setsid sh -c "sleep 2004 & sleep 2005" &); sleep 2006',
  'exit 0',
];
console.log('up');
for (let count = 0; ; count += 1) {
  const command = { value: commands[count % commands.length] };
  const environment = { PATH: process.env.PATH, MARK: process.env.MARK, TREE: process.env.MARK + count + '.' };
  const tree = startTree(reaper, { directory: '/', command, environment }, { mark: 'TREE=' + environment.TREE });
  if (count % 3 > 0) await tree;
}
`;

test('no process outlives a cluster that SIGKILL ended at any moment', async () => {
  for (let round = 0; round < 20; round += 1) {
    const mark = randomUUID();
    const child = spawn(process.execPath, ['--input-type=module', '--eval', victim], {
      cwd: built,
      env: { PATH: process.env['PATH'], MARK: mark },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await setTimeout(randomInt(80));
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What is left now is the reaper's; a leak would never end, and neither would this.
    await until(() => marked(mark).length === 0);
    expect(marked(mark)).toEqual([]);
  }
});
