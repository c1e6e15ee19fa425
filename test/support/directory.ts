/** A directory that is gone when the test has finished. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** To be called in a test; absolute, without symbolic links. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mainstay-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
