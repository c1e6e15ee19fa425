/** The texts that a definition publishes, read from its folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectFolder } from '../../../runtime/packaging/inspect.ts';
import { type LoadRequest, loadService } from '../../../runtime/packaging/load.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const DEFINITION = `
name: store
pods: { data: { count: 1, tasks: { node: { goal: RUNNING, cmd: ./run, cpus: 0.1 } } } }
endpoints: { site: { template: site.mustache } }
`;

function request(overrides: Record<string, string>): LoadRequest {
  const path = temporaryDirectory();
  writeFileSync(join(path, 'svc.yml'), DEFINITION);
  writeFileSync(join(path, 'site.mustache'), 'cluster={{CLUSTER}}\n');
  return { path, processEnv: {}, overrides };
}

test('are rendered against what the definition is rendered against', () => {
  const loaded = loadService(request({ CLUSTER: 'blue' }));
  expect(loaded.ok && loaded.endpoints).toEqual({ site: 'cluster=blue\n' });
});

test.each([
  ['loaded', loadService],
  ['inspected', inspectFolder],
])('a variable that only they ask for is used: %s', (_, look) => {
  expect(look(request({ CLUSTER: 'blue' })).warnings).toEqual([]);
  expect(look(request({ CLUSTER: 'blue', OTHER: '' })).warnings).toMatchObject([{ code: 'SVC026' }]);
});

test('a variable without a value is a mistake in their file', () => {
  const loaded = loadService(request({}));
  const problems = loaded.ok ? [] : loaded.problems;
  expect(problems).toMatchObject([{ code: 'SVC001', line: 1, column: 9 }]);
  expect(problems[0]?.file).toMatch(/\/site\.mustache$/);
});
