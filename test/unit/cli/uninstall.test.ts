import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Write } from '../../../runtime/core/effect.ts';
import { defaultSettings } from '../../../runtime/core/state.ts';
import { EXIT, Fatal, type RunningService, startService } from '../../../runtime/main.ts';
import { nodeWrites } from '../../../runtime/store/layout.ts';
import { openStore } from '../../../runtime/store/open.ts';
import { claim } from '../../../runtime/store/schema.ts';
import { FRAMEWORK, helloWorldSpec, TARGET, taskRecord } from '../api/hello-world.ts';

let store: string;
let running: RunningService | undefined;

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'mainstay-'));
  store = `file:${dir}`;
  return async () => {
    await running?.close();
    rmSync(dir, { recursive: true });
  };
});
afterEach(() => {
  running = undefined;
});

const spec = helloWorldSpec();
const broken = { ok: false, errors: ['svc.yml:1:1 is not YAML'] } as const;

/** Starts against a master that nobody runs. */
async function start(uninstall: boolean, candidate: Parameters<typeof startService>[0]['candidate']) {
  running = await startService({
    candidate,
    uninstall,
    settings: defaultSettings,
    access: { masters: { kind: 'list', origins: ['http://127.0.0.1:1'] }, media: 'application/x-protobuf' },
    store,
    host: '127.0.0.1',
    port: 0,
    note: () => {},
    exit: (fatal) => {
      throw fatal;
    },
  });
  return running;
}

async function deployed(...more: Write[]) {
  const tree = await openStore(store);
  await claim(tree, spec.name);
  const { info } = taskRecord('hello', 0, 'TASK_RUNNING');
  await tree.commit(
    nodeWrites([
      { kind: 'framework-id', frameworkId: FRAMEWORK },
      { kind: 'config', service: spec.name, id: TARGET, spec },
      { kind: 'target', service: spec.name, id: TARGET },
      { kind: 'task-info', service: spec.name, task: info.name, info },
      ...more,
    ]),
  );
  await tree.close();
}

async function deployPlan({ port }: RunningService) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/plans/deploy`);
  const { status, phases } = (await response.json()) as { status: string; phases: { name: string }[] };
  return { code: response.status, status, phases: phases.map((phase) => phase.name) };
}

const uninstalling: Write = { kind: 'property', service: spec.name, key: 'uninstalling', value: 'true' };

test.each([
  ['a readable definition', { ok: true, spec }],
  ['a definition that cannot be read', broken],
] as const)('an uninstall with %s takes down what is stored', async (_, candidate) => {
  await deployed();
  const service = await start(true, candidate);
  expect(service.name).toBe('hello-world');
  expect(await deployPlan(service)).toMatchObject({ code: 202, phases: expect.arrayContaining(['kill-tasks']) });
});

test('once it has begun, nothing starts without asking for it: exit code 11', async () => {
  await deployed();
  await (await start(true, broken)).close();
  running = undefined;
  const refused = start(false, { ok: true, spec });
  await expect(refused).rejects.toThrow('being uninstalled');
  await expect(refused).rejects.toMatchObject({ code: EXIT.uninstalling, constructor: Fatal });
  expect(EXIT.uninstalling).toBe(11);
});

test('it goes on where it was after a crash', async () => {
  await deployed(uninstalling);
  expect(await deployPlan(await start(true, broken))).toMatchObject({ code: 202 });
});

test.each([
  ['a definition', { ok: true, spec }],
  ['neither a definition', broken],
] as const)('with %s and nothing stored it is COMPLETE at once, and stays up', async (_, candidate) => {
  expect(await deployPlan(await start(true, candidate))).toMatchObject({ code: 200, status: 'COMPLETE' });
});

test('the store of another service is never taken down', async () => {
  await deployed();
  const other = { ok: true, spec: { ...spec, name: 'other' } } as const;
  await expect(start(true, other)).rejects.toMatchObject({ code: EXIT.initialization });
});
