/**
 * The claim of one process on a work directory. It promises that two living processes never both hold one, and that the claim of
 * a dead process bars nobody; two that start at the same moment may both be refused.
 *
 * A claim is a file named after its process. Whoever claims first writes its own and then looks at the others, so of two at least
 * one sees the other; those of the dead are removed by name, which can never hit a living one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface Claim {
  release(): void;
}

/** Returns the claim, or the pid of the process that holds another one. */
export function claimDirectory(directory: string): Claim | { heldBy: number } {
  const claims = `${directory}/claims`;
  mkdirSync(claims, { recursive: true });
  const own = `${process.pid}-${startTime(process.pid)}`;
  const release = () => rmSync(`${claims}/${own}`, { force: true });
  try {
    writeFileSync(`${claims}/${own}`, '', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { heldBy: process.pid };
    throw error;
  }
  for (const name of readdirSync(claims)) {
    if (name === own) continue;
    const [pid, started] = name.split('-');
    if (isAlive(Number(pid)) && startTime(Number(pid)) === started) {
      release();
      return { heldBy: Number(pid) };
    }
    rmSync(`${claims}/${name}`, { force: true });
  }
  return { release };
}

/** Tells a process from an earlier one of the same pid, where /proc says it: field 22 of stat, in clock ticks since boot. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
