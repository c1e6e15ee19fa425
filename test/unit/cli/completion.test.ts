import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runs } from '../../support/debian.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { typed } from './typed.ts';

/** What each shell prints when its own completion is asked about `$1`, with the script in `$2`. */
const SHELLS = {
  bash: `
    source "$2"
    COMP_LINE=$1; read -ra COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    $(complete -p mainstay | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `
    compdef() { handler=$1 }
    _describe() { print -rl -- "\${(@P)2%%:*}" }
    _files() { print -r -- '<files>' }
    source "$2"
    words=(\${(z)1}); [[ $1 == *' ' ]] && words+=('')
    CURRENT=\${#words}
    $handler | while read -r word; do [[ $word == \${words[CURRENT]}* || $word == '<files>' ]] && print -r -- "$word"; done`,
  fish: `
    source $argv[2]
    complete -C $argv[1] | string replace -r '\\t.*' ''`,
};

type Shell = keyof typeof SHELLS;

/** bash is always there; the others where somebody uses them. */
const present = (Object.keys(SHELLS) as Shell[]).filter((shell) => shell === 'bash' || runs(shell, '--version'));

async function complete(shell: Shell, line: string): Promise<string[]> {
  const { out } = await typed(['completion', shell]);
  const file = join(temporaryDirectory(), 'script');
  writeFileSync(file, out);
  const first = { bash: ['--norc', '-c'], zsh: ['-f', '-c'], fish: ['--no-config', '-c'] }[shell];
  const named = shell === 'fish' ? [line, file] : [shell, line, file];
  const { stdout, stderr, status } = spawnSync(shell, [...first, SHELLS[shell], ...named], {
    encoding: 'utf8',
    cwd: temporaryDirectory(),
  });
  expect([status === 0 || shell !== 'bash', stderr]).toEqual([true, '']);
  return stdout
    .split('\n')
    .filter((word) => word !== '' && word !== '<files>')
    .sort();
}

test.each(
  present.flatMap((shell) =>
    [
      ['mainstay pl', ['plan']],
      ['mainstay plan s', ['show', 'start', 'stop']],
      ['mainstay plans force-', ['force-complete', 'force-restart']],
      ['mainstay debug config t', ['target', 'target_id']],
      ['mainstay debug pods ', ['help', 'pause', 'resume']],
      ['mainstay --version plan show deploy --wa', ['--wait', '--watch']],
      ['mainstay plan status deploy --wa', ['--wait', '--watch']],
      ['mainstay pod replace data-0 --y', ['--yaml', '--yes']],
      ['mainstay plan show --ca ', []],
    ].map(([line, words]) => [shell, line, words] as [Shell, string, string[]]),
  ),
)('%s completes "%s"', async (shell, line, words) => {
  expect(await complete(shell, line)).toEqual(words);
});

test('every command of the help is completed', async () => {
  const { out } = await typed(['--help']);
  const names = [...out.matchAll(/^ {2}([a-z]+)(?:\|| )/gm)].map(([, name]) => name!);
  expect(names).toContain('diagnostics');
  expect(await complete('bash', 'mainstay ')).toEqual(names.sort());
});

test('another shell is refused with those there are', async () => {
  const { code, err } = await typed(['completion', 'tcsh']);
  expect([code, err]).toEqual([1, expect.stringContaining('Allowed choices are bash, zsh, fish.')]);
});
