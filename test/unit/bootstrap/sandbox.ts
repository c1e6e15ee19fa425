/** A task's sandbox, and the helper run in it. Promises an environment that is the test's alone, as an agent would make it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Platform } from '../../support/platforms.ts';

export const script = fileURLToPath(new URL('../../../runtime/bootstrap/bootstrap', import.meta.url));

export type Variables = Readonly<Record<string, string>>;

export interface Sandbox {
  readonly directory: string;
  /** Stores a file, with the folders above it. */
  write(path: string, content: string | Uint8Array): void;
  /** A file's text; undefined when there is none. */
  read(path: string): string | undefined;
  /** Runs `./bootstrap <flags>`. The agent's variables are there; `undefined` takes one away. */
  bootstrap(flags: readonly string[], variables?: Readonly<Record<string, string | undefined>>): Done;
  /** Renders one template without anything else; fails as the helper does. */
  render(
    template: string | Uint8Array,
    variables?: Variables,
    flags?: readonly string[],
  ): Done & { readonly text?: string };
}

export interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** To be called in a test; gone when that test has finished. */
export function sandbox(platform: Platform): Sandbox {
  const directory = mkdtempSync(join(tmpdir(), 'mainstay-bootstrap-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const write: Sandbox['write'] = (path, content) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  };
  const read: Sandbox['read'] = (path) =>
    existsSync(join(directory, path)) ? readFileSync(join(directory, path), 'utf8') : undefined;
  const bootstrap: Sandbox['bootstrap'] = (flags, variables = {}) => {
    const [program, ...args] = platform.shell;
    const agents = { PATH: platform.bin, MESOS_SANDBOX: directory, MESOS_CONTAINER_IP: '10.0.0.9' };
    const { status, stdout, stderr } = spawnSync(program, [...args, script, ...flags], {
      cwd: directory,
      env: { ...agents, ...variables },
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { code: status, stdout, stderr };
  };
  return {
    directory,
    write,
    read,
    bootstrap,
    render(template, variables = {}, flags = []) {
      write('config-templates/file', template);
      const done = bootstrap(['-resolve=false', '-print-env=false', ...flags], {
        ...variables,
        CONFIG_TEMPLATE_FILE: 'config-templates/file,file',
      });
      const text = read('file');
      return { ...done, ...(text === undefined ? {} : { text }) };
    },
  };
}
