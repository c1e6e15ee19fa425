/** What `mainstay dev` says when something goes wrong: how a task ended and where to look, once and in plain words. */
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dev, startDev } from '../support/dev.ts';
import { eventually } from '../support/eventually.ts';
import { get, type LogLine } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

/** A service of one pod. */
function definition(directory: string, count: number, cmd: string): string {
  const file = join(directory, 'svc.yml');
  writeFileSync(
    file,
    `name: web\npods:\n  web:\n    count: ${count}\n    tasks:\n      server:\n        goal: RUNNING\n        cmd: ${cmd}\n` +
      '        cpus: 0.1\n        memory: 32\n        readiness-check: { cmd: "test -e ready", interval: 1, timeout: 2 }\n',
  );
  return file;
}

test('a task that crashes is told with its last words and its sandbox; the log of it is served', async () => {
  const place = workplace();
  const crashing = definition(place.directory, 1, `'echo "cannot bind: no such device" >&2; exit 3'`);
  const { program, port } = await dev(place, crashing);
  const told =
    /^web-0-server ended with TASK_FAILED \(Command exited with status 3\) on agent-1\n {2}its sandbox: (\S+)\n {2}stderr: cannot bind: no such device$/m;
  const sandbox = await eventually(() => {
    expect(program.stdout()).toMatch(told);
    return told.exec(program.stdout())![1]!;
  });
  expect(readFileSync(join(sandbox, 'stderr'), 'utf8')).toContain('cannot bind');
  const log = await (await get(port, 'v1/debug/log')).text();
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'task status', state: 'TASK_FAILED', level: 'warn' }));
});

test('sandboxes are found by the name of the task; what ended with the cluster before is no news; a refusal is told once', async () => {
  const place = workplace();
  const two = definition(place.directory, 2, `'touch ready; echo "I am $TASK_NAME"; exec sleep 1000'`);
  const { program } = await dev(place, two);
  const sandbox = (task: string) => join(place.directory, 'data-dir/sandboxes', task);
  await eventually(() =>
    expect(readFileSync(join(sandbox('web-1-server'), 'stdout'), 'utf8')).toBe('I am web-1-server\n'),
  );
  await eventually(() =>
    expect(program.stdout()).toContain(`is in ${join(place.directory, 'data-dir')}/sandboxes/<task>`),
  );
  const old = readlinkSync(sandbox('web-1-server'));
  program.signal('SIGINT');
  await program.ended;

  const one = definition(place.directory, 1, `'touch ready; exec sleep 1000'`);
  const again = startDev(place, [], one);
  await eventually(() => expect(again.stdout()).toContain('recovery COMPLETE'));
  expect(again.stdout()).not.toMatch(/warn|TASK_FAILED/);
  expect(again.stdout().split('2 -> 1: ')).toHaveLength(2);
  expect(again.stdout()).not.toContain('Transition:');
  await eventually(() => expect(readlinkSync(sandbox('web-1-server'))).not.toBe(old));
  await again.kill();

  const refused = await startDev(place, ['--exit-when-deployed'], one).ended;
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^mainstay: error: the definition is refused:\n- .*2 -> 1: /),
  ]);
  expect(refused.stdout).not.toContain('2 -> 1');
});
