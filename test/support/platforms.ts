/**
 * The shells and awks that task images come with, each pair a platform. Promises all nine or an error: a platform that is
 * missing must not pass for one that works.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePackages, runs } from './debian.ts';

export interface Platform {
  /** `dash, mawk` */
  readonly name: string;
  /** The command that reads a script: its program and first arguments. */
  readonly shell: readonly [string, ...string[]];
  /** The only folder of PATH: this awk, and the few tools below. */
  readonly bin: string;
}

/** All that the helper may call beside awk. Waiting for names takes `sleep`, `date` and, where there is one, `getent`. */
const TOOLS = ['cat', 'cp', 'date', 'mkdir', 'mv', 'rm', 'sleep', 'tr', 'wc'];

const SHELLS = { dash: ['dash'], bash: ['bash', '--posix'], busybox: ['busybox', 'sh'] } as const;
const AWKS = ['mawk', 'gawk', 'busybox'] as const;

/** Makes the platforms for a test file; they vanish with its process. */
export function platforms(): Platform[] {
  requirePackages(() => ['dash', 'bash', 'busybox', 'mawk', 'gawk'].filter((program) => !runs(program, '--help')));
  const root = mkdtempSync(join(tmpdir(), 'mainstay-platforms-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  return Object.entries(SHELLS).flatMap(([shell, [program, ...args]]) =>
    AWKS.map((awk) => {
      const bin = join(root, `${shell}-${awk}`);
      mkdirSync(bin);
      symlinkSync(where(awk), join(bin, 'awk'));
      for (const tool of TOOLS) symlinkSync(where(shell === 'busybox' ? 'busybox' : tool), join(bin, tool));
      return { name: `${shell}, ${awk === 'busybox' ? 'busybox awk' : awk}`, shell: [where(program), ...args], bin };
    }),
  );
}

/** The absolute path of a program. */
export function where(program: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' });
  const path = stdout.trim();
  if (!path) throw new Error(`${program} is not installed`);
  return path;
}
