/** What an operator leaves open beside the work: a view that outlives its scheduler, and a terminal that is asked before data dies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, taskPids } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, run } from '../support/service.ts';
import { root, workplace } from '../support/workplace.ts';

const CTRL_C = '\x03';

const definition = join(root, 'test/e2e/operator-day');

test('--watch follows a rollout through a scheduler that is killed; a terminal is asked before a pod is replaced', async () => {
  const place = workplace();
  const { url: master, workDir } = await startCluster(place);
  const port = await freePort();
  const start = { master, port, definition, env: { COUNT: '1', VERSION: '1' } };
  const url = `http://127.0.0.1:${port}`;
  const plan = place.mainstay(['plan', 'show', 'deploy', '--watch', '--url', url]);
  const pods = place.mainstay(['pod', 'status', '--watch', '--url', url]);
  await eventually(() => expect(plan.stdout()).toContain('No answer from'));

  const first = run(place, start);
  await deployed(port);
  await eventually(() => expect(pods.stdout()).toContain('data-0-node RUNNING\n'));
  await eventually(() => expect(plan.stdout()).toMatch(/ {2}deploy COMPLETE\n/));
  await first.kill();
  await eventually(() => expect(plan.stdout().split('; trying again')).toHaveLength(3));
  const second = run(place, { ...start, env: { COUNT: '2', VERSION: '1' } });
  await eventually(() =>
    expect(plan.stdout()).toMatch(/trying again\n[\s\S]*the scheduler answers again\n[\s\S]*deploy WAITING/),
  );
  expect(plan.stdout().split('the scheduler answers again')).toHaveLength(3);

  const before = taskPids(workDir);
  expect(await atTerminal(`pod replace data-0 --url ${url}`, 'n\n')).toMatchObject({
    code: 2,
    screen: expect.stringMatching(/ALL ITS DATA\r\n[\s\S]*Go on\? \[y\/N\] [\s\S]*Nothing was done/),
  });
  expect(await atTerminal(`pod replace data-0 --url ${url}`, CTRL_C)).toMatchObject({
    code: 2,
    screen: expect.stringContaining('Nothing was done'),
  });
  expect(taskPids(workDir)).toEqual(before);
  expect((await atTerminal(`pod replace data-0 --wait --url ${url}`, 'y\n')).code).toBe(0);
  expect(taskPids(workDir)).not.toEqual(before);
  await eventually(() => expect(pods.stdout()).toMatch(/^data-0-node \w+, launched anew$/m));
  await second.kill();
});

/** Types a command at a terminal of its own, and the keys of an answer once it asks. */
async function atTerminal(line: string, answer: string): Promise<{ code: number | null; screen: string }> {
  const command = `'${process.execPath}' '${join(root, 'bin/mainstay.js')}' ${line}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (screen.includes('Go on? [y/N] ') && !child.stdin.writableEnded) child.stdin.end(answer);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, screen };
}
