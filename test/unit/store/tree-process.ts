/** Runs a script against the file tree in a process of its own, which a test may kill. Never leaves one behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const project = resolve(import.meta.dirname, '../../..');

/** The sources as JavaScript in `dir`, as Node.js 20 reads no TypeScript; returns the URL of `file.js`. */
export function compileStore(dir: string): string {
  for (const folder of ['store', 'kit']) {
    mkdirSync(join(dir, folder), { recursive: true });
    for (const name of readdirSync(join(project, 'runtime', folder)).filter((entry) => entry.endsWith('.ts'))) {
      const { outputText } = ts.transpileModule(readFileSync(join(project, 'runtime', folder, name), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          rewriteRelativeImportExtensions: true,
        },
      });
      writeFileSync(join(dir, folder, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  writeFileSync(join(dir, 'package.json'), '{"type": "module"}');
  symlinkSync(join(project, 'node_modules'), join(dir, 'node_modules'));
  return pathToFileURL(join(dir, 'store/file.js')).href;
}

export interface Script {
  readonly process: ChildProcess;
  /** Resolves with the line that makes the count full, or with undefined when the script ended before. */
  line(count: number): Promise<string | undefined>;
  /** Every line that the script wrote, once it has ended. */
  lines(): Promise<string[]>;
}

/** `body` sees `openFileTree` and `args`, and speaks with `say`: a line is out of the process when `say` returns. */
export function runScript(fileUrl: string, body: string, ...args: string[]): Script {
  const program = `
    import { writeSync } from 'node:fs';
    import { openFileTree } from ${JSON.stringify(fileUrl)};
    const args = process.argv.slice(1);
    const say = (line) => writeSync(1, line + '\\n');
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const written: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const ended = once(reader, 'close');
  reader.on('line', (line) => written.push(line));
  return {
    process: child,
    async line(count) {
      while (written.length < count) {
        const more = await Promise.race([once(reader, 'line'), ended.then(() => undefined)]);
        if (!more) break;
      }
      return written[count - 1];
    },
    async lines() {
      await Promise.all([closed, ended]);
      return written;
    },
  };
}
