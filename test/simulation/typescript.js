// A loader for Node: takes the types out of this repository's modules as they are loaded, so that histories run without a build.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const { ModuleKind, ScriptTarget, transpileModule } = typescript;

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022, verbatimModuleSyntax: true };
  return { format: 'module', source: transpileModule(text, { compilerOptions }).outputText, shortCircuit: true };
}
