import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimDirectory } from '../../../runtime/cluster/claim.ts';

describe('the claim on a work directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mainstay-claim-'));
    mkdirSync(join(directory, 'claims'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];

  test.each([
    ['of a living process bars us', `${process.ppid}-${startOf(process.ppid)}`, { heldBy: process.ppid }],
    [
      'of a process whose pid belongs to another one now does not',
      `${process.ppid}-1`,
      { release: expect.any(Function) },
    ],
    ['of a dead process does not', '4194304-1', { release: expect.any(Function) }],
  ])('%s', (_, name, expected) => {
    writeFileSync(join(directory, 'claims', name), '');
    expect(claimDirectory(directory)).toEqual(expected);
  });

  test('is held once, and free again when it is released', () => {
    const claim = claimDirectory(directory);
    expect(claimDirectory(directory)).toEqual({ heldBy: process.pid });
    if ('release' in claim) claim.release();
    expect(readdirSync(join(directory, 'claims'))).toEqual([]);
    expect(claimDirectory(directory)).toHaveProperty('release');
  });
});
