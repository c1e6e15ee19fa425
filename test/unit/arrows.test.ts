/** The arrows of the design are lint rules. Each row was seen to bite: a file that points the wrong way does not pass. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let tree = '';

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'mainstay-arrows-'));
  cpSync(join(root, 'biome.json'), join(tree, 'biome.json'));
  spawnSync('git', ['init', '-q'], { cwd: tree });
  writeFileSync(join(tree, '.gitignore'), 'node_modules/\n');
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** The files of these that lint refuses, with what it says. */
function refusedBy(cases: readonly [string, string][]): { refused: string[]; text: string } {
  const paths = cases.map(([folder, imported], index) => {
    const path = join(tree, 'runtime', folder, `case-${index}.ts`);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `import { thing } from '${imported}';\n\nconsole.log(thing);\n`);
    return path;
  });
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '--colors=off', 'runtime'];
  const done = spawnSync(process.execPath, [biome, ...args], { cwd: tree, encoding: 'utf8' });
  for (const path of paths) rmSync(path);
  const text = `${done.stdout}${done.stderr}`;
  return {
    refused: [...text.matchAll(/(\S+case-\d+\.ts):\d+:\d+ lint\/style\/noRestrictedImports/g)].map((m) => m[1] ?? ''),
    text,
  };
}

const wrong: [string, string][] = [
  ['core', '../store/file.ts'],
  ['core/offer', '../../mesos/client.ts'],
  ['core', '../loop/machine.ts'],
  ['core', 'node:fs'],
  ['core', '../bootstrap/script.ts'],
  ['cluster', '../bootstrap/script.ts'],
  ['spec', '../core/state.ts'],
  ['spec', 'node:path'],
  ['kit', '../core/state.ts'],
  ['loop', '../store/file.ts'],
  ['loop', '../api/app.ts'],
  ['api/bodies', '../../store/file.ts'],
  ['api', '../main.ts'],
  ['cluster', '../core/state.ts'],
  ['cluster', '../mesos/client.ts'],
  ['mesos', '../core/event.ts'],
  ['metrics', '../core/state.ts'],
  ['packaging', '../core/state.ts'],
  ['store', '../loop/machine.ts'],
  ['store', '../mesos/client.ts'],
  ['core', '../tls/orders.ts'],
  ['mesos', '../tls/cluster.ts'],
  ['tls', '../loop/run.ts'],
  ['tls', '../mesos/client.ts'],
];
const right: [string, string][] = [
  ['core', '../spec/service.ts'],
  ['core/offer', '../../kit/mesos.ts'],
  ['loop', '../core/frame.ts'],
  ['metrics', '../kit/mesos.ts'],
  ['api', '../loop/run.ts'],
  ['api/routes', '../../bootstrap/script.ts'],
  ['cluster', '../mesos/codec.ts'],
  ['store', '../mesos/codec.ts'],
  ['tls', '../core/order.ts'],
  ['tls', '../mesos/http.ts'],
  ['cli', '../main.ts'],
];

test('imports against the arrows are refused, each one', () => {
  const { refused, text } = refusedBy(wrong);
  expect(refused.sort(), text).toEqual(wrong.map(([folder], index) => `runtime/${folder}/case-${index}.ts`).sort());
});

test('imports along the arrows pass', () => {
  const { refused, text } = refusedBy(right);
  expect(refused, text).toEqual([]);
  expect(text, 'all of them were checked').toMatch(new RegExp(`Checked ${right.length} files`));
});
