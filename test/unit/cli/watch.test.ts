import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { PodBody } from '../../../runtime/api/bodies/pods.ts';
import { Failure, Unreachable } from '../../../runtime/cli/failure.ts';
import { createPodView } from '../../../runtime/cli/pod-view.ts';
import { type View, watch } from '../../../runtime/cli/watch.ts';
import { typed } from './typed.ts';

/** What a view was told, in words. */
function told(): View<string> & { lines: string[] } {
  const lines: string[] = [];
  return { lines, update: (value) => void lines.push(`update ${value}`), say: (text) => void lines.push(text) };
}

/** Looks that give these one after the other; an error is thrown. */
function looks(...values: (string | Error)[]) {
  return async () => {
    const value = values.shift() ?? new Failure('the end');
    if (value instanceof Error) throw value;
    return value;
  };
}

test('a scheduler that goes away is told once, and once more when it is back', async () => {
  const view = told();
  const away = new Unreachable('No answer from http://h\n- hints');
  await expect(watch(looks('a', away, away, 'b'), view, 0)).rejects.toThrow('the end');
  expect(view.lines).toEqual([
    'update a',
    'No answer from http://h; trying again',
    'the scheduler answers again',
    'update b',
  ]);
});

const pod = (...tasks: [string, string, string?][]): PodBody => ({
  name: 'data-0',
  tasks: tasks.map(([name, id, status]) => ({ name, id, ...(status ? { status } : {}) })),
});

function output(isTTY: boolean, columns = 80, rows = 24) {
  let text = '';
  return { isTTY, columns, rows, write: (more: string) => (text += more), text: () => text };
}

test('without a terminal each change of a task is a line', () => {
  const out = output(false);
  const view = createPodView(out, false);
  view.update(pod(['node', '1', 'RUNNING'], ['sidecar', '1']));
  view.update(pod(['node', '1', 'RUNNING'], ['sidecar', '1']));
  view.update(pod(['node', '2', 'RUNNING'], ['sidecar', '1', 'FAILED']));
  view.update(pod(['node', '2', 'RUNNING']));
  expect(out.text()).toBe(
    'node RUNNING\nsidecar <UNKNOWN>\nnode RUNNING, launched anew\nsidecar FAILED\nsidecar gone\n',
  );
});

test('a terminal sees one tree, redrawn in place, never wider or higher than itself', () => {
  const out = output(true, 20, 5);
  const view = createPodView(out, false);
  view.update(pod(['node', '1', 'RUNNING']));
  view.update(pod(['a-name-that-is-long', '1', 'RUNNING'], ['b', '1'], ['c', '1'], ['d', '1']));
  view.say('the scheduler answers again');
  const shown = stripVTControlCharacters(out.text())
    .split('\n')
    .map((line) => line.replaceAll('\r', ''));
  expect(shown).toEqual([
    'data-0',
    '└─ node (RUNNING)',
    'data-0',
    '├─ a-name-that-is-…',
    '├─ b (<UNKNOWN>)',
    '… 2 more lines',
    'the scheduler answers again',
    'data-0',
    '├─ a-name-that-is-…',
    '├─ b (<UNKNOWN>)',
    '… 2 more lines',
    '',
  ]);
});

test.each(['--json', '--yaml', '--wait'])('--watch with %s is refused', async (flag) => {
  const verb = flag === '--wait' ? ['plan', 'show'] : ['pod', 'status'];
  const { code, err } = await typed([...verb, '--watch', flag]);
  expect([code, err]).toEqual([1, expect.stringContaining(`cannot be used with option '${flag}'`)]);
});
