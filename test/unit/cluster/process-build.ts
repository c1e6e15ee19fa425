/** Compiles the embedded cluster for a process of its own, which a test can kill: types are stripped, nothing is checked. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Returns the directory that holds `cluster/` and what it imports; inside the repository, so that dependencies are found. */
export function buildCluster(): string {
  const out = mkdtempSync(join(root, 'node_modules/.cluster-test-'));
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  for (const folder of ['kit', 'mesos', 'cluster']) {
    cpSync(join(root, 'runtime', folder), join(out, folder), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
    for (const name of readdirSync(join(root, 'runtime', folder)).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.d.ts'),
    )) {
      const source = readFileSync(join(root, 'runtime', folder, name), 'utf8');
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      });
      writeFileSync(join(out, folder, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return out;
}
