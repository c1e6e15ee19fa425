/** The files of an agent: what is removed at a start, and what is never touched. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSandboxes } from '../../../runtime/cluster/sandbox.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'mainstay-sandbox-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('of the volumes on the disk, those that the agent holds stay', () => {
  const workDir = directory();
  const sandboxes = createSandboxes(workDir, () => 'doomed');
  const [held, gone] = [`${workDir}/volumes/roles/data role/held`, `${workDir}/volumes/roles/data role/gone`];
  sandboxes.makeVolume(held);
  sandboxes.makeVolume(gone);
  writeFileSync(`${workDir}/volumes/roles/a file of somebody else`, '');
  sandboxes.keepVolumes([held]);
  expect([existsSync(held), existsSync(gone)]).toEqual([true, false]);
});

test('an agent without volumes has none to remove', () => {
  expect(() => createSandboxes(directory(), () => 'doomed').keepVolumes([])).not.toThrow();
});

test('what was remembered before the work directory was moved is left alone', () => {
  const [workDir, former] = [directory(), directory()];
  mkdirSync(`${former}/run`);
  createSandboxes(workDir, () => 'doomed').remove(`${former}/run`);
  expect(existsSync(`${former}/run`)).toBe(true);
});
