/** Programs that tests need beside Node.js. Promises that they are there, or an error that says how to get them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether a command of the machine can be run; `args` make it say something and end. */
export function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).error === undefined;
}

/** Installs the packages that `missing` names when we may (root on Debian or its kin), quietly; throws when some stay missing. */
export function requirePackages(missing: () => readonly string[]): void {
  if (missing().length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, stdio: 'ignore' });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...missing());
  }
  const left = missing();
  if (left.length === 0) return;
  throw new Error(
    `these tests need more programs. Install them: apt-get install --no-install-recommends ${left.join(' ')}`,
  );
}
