// Builds dist/: the protobuf codec from schema/mesos/*.proto, the TypeScript, and dist/bundle, the same program in few files: Node.js
// starts it in a fraction of the time that some hundred small files take. Does nothing that is already done, but the bundle.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parse } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** Exit code 1 in the end when it fails; the rest is built all the same, so that what has a wrong type can still be tried. */
function run(script, ...args) {
  const done = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) process.exitCode = 1;
}

const protoDir = join(root, 'schema/mesos');
const protos = readdirSync(protoDir)
  .filter((name) => name.endsWith('.proto'))
  .map((name) => join(protoDir, name));
const generated = join(root, 'runtime/mesos/generated.js');
const newest = Math.max(
  ...protos.map((path) => statSync(path).mtimeMs),
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
);

if (!existsSync(generated) || statSync(generated).mtimeMs < newest) {
  const pbjs = join(dirname(require.resolve('protobufjs-cli/package.json')), 'bin/pbjs');
  const without = ['comments', 'create', 'verify', 'delimited', 'service', 'typeurl'].map((part) => `--no-${part}`);
  run(pbjs, '-t', 'static-module', '-w', 'esm', '--keep-case', ...without, '-p', protoDir, '-o', generated, ...protos);
}

run(
  require.resolve('typescript/bin/tsc'),
  '-p',
  'tsconfig.json',
  '--incremental',
  '--tsBuildInfoFile',
  'dist/.tsbuildinfo',
);
copyFileSync(generated, join(root, 'dist/mesos/generated.js'));
copyFileSync(join(root, 'runtime/bootstrap/bootstrap'), join(root, 'dist/bootstrap/bootstrap'));

// What every command may import stays out while it is not needed: each `import()` in the sources begins a file of its own. lmdb brings
// machine code, which cannot be bundled. Of yaml it is the modules for browsers: those for Node.js ask the environment at every token
// whether to print it, which takes a sixth of the time to read a definition.
const bundle = await rolldown({
  input: { entry: join(root, 'dist/cli/entry.js'), spec: join(root, 'dist/spec/spec.js') },
  platform: 'node',
  external: ['lmdb'],
  resolve: { alias: { yaml: join(dirname(require.resolve('yaml/package.json')), 'browser/index.js') } },
  cwd: root,
});
await bundle.write({ dir: join(root, 'dist/bundle'), format: 'esm', cleanDir: true });
await bundle.close();
// YAML takes longer to read than a scheduler may stand still.
const document = JSON.stringify(parse(readFileSync(join(root, 'schema/openapi.yaml'), 'utf8')));
for (const folder of ['runtime', 'dist']) writeFileSync(join(root, folder, 'openapi.json'), document);
cpSync(join(root, 'runtime/web'), join(root, 'dist/web'), { recursive: true });
