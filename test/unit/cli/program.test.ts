import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { Failure } from '../../../runtime/cli/failure.ts';
import { createProgram } from '../../../runtime/cli/program.ts';
import { typed } from './typed.ts';

const trying = (action: () => void) => (program: Command) =>
  void program.command('try').description('try a service').action(action);
const fine = trying(() => {});

test('the help groups the commands by who needs them', async () => {
  const { code, out } = await typed(['--help'], fine);
  expect(code).toBe(0);
  expect(out).toMatch(/For authors:\n {2}try .*\n\nFor operators:\n {2}plan\|plans .*\n {2}pod\|pods /);
  expect(out).toContain('Exit codes:');
});

test('the version is that of the package', async () => {
  expect(await typed(['--version'], fine)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [['pla'], "mainstay: error: unknown command 'pla'\n(Did you mean plan?)\n"],
  [['plan', 'shwo'], "mainstay: error: unknown command 'shwo'\n(Did you mean show?)\n"],
  [['pod', 'restart'], "mainstay: error: missing required argument 'pod'\n"],
  [['pod', 'list', '--jsn'], "mainstay: error: unknown option '--jsn'\n(Did you mean --json?)\n"],
])('%s is refused with a hint', async (argv, text) => {
  expect(await typed(argv, fine)).toEqual({ code: 1, out: '', err: `${text}Try mainstay --help.\n` });
});

test('what a command could not do is one text and exit code 1', async () => {
  const failing = trying(() => {
    throw new Failure('no room\n- make some');
  });
  expect(await typed(['try'], failing)).toEqual({ code: 1, out: '', err: 'mainstay: error: no room\n- make some\n' });
});

test('a mistake of ours is not dressed up', async () => {
  const broken = trying(() => {
    throw new Error('invariant broken');
  });
  await expect(typed(['try'], broken)).rejects.toThrow('invariant broken');
});

/** Every command that does something, as it is typed. */
function leaves(command: Command, path: readonly string[] = []): (readonly string[])[] {
  const below = command.commands.filter((sub) => sub.name() !== 'help');
  return below.length === 0 ? [path] : below.flatMap((sub) => leaves(sub, [...path, sub.name()]));
}

test.each(leaves(createProgram({ author: [], operator: [] })).map((path) => path.join(' ')))(
  'the help of %s has an example',
  async (line) => {
    const { code, out } = await typed([...line.split(' '), '--help']);
    expect([code, out]).toEqual([0, expect.stringMatching(/Examples:\n {2}mainstay /)]);
  },
);
