/**
 * Every scenario in `scenarios/`: what the scheduler says to Mesos, event by event. Change a script and run with `-u` to have its
 * `->` lines written anew; then read the diff.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadService } from '../../runtime/packaging/load.ts';
import { printProblem } from '../../runtime/spec/problem.ts';
import { runScenario } from './scenario.ts';

const folder = new URL('./scenarios/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

/** `scenarios/services/<name>.yml`, else the example framework of that name. */
function definitionOf(name: string, env: Record<string, string>) {
  const own = fileURLToPath(new URL(`services/${name}.yml`, folder));
  const path = existsSync(own) ? own : fileURLToPath(new URL(`../../frameworks/${name}`, import.meta.url));
  const loaded = loadService({ path, processEnv: {}, overrides: env });
  return loaded.ok
    ? loaded
    : {
        ok: false as const,
        errors: loaded.problems.map((problem) => printProblem({ ...problem, file: basename(problem.file) })),
      };
}

test('there are scenarios to run', () => expect(names.length).toBeGreaterThan(5));

test.each(names)('%s', async (name) => {
  const path = new URL(name, folder);
  const happened = await runScenario(readFileSync(path, 'utf8'), definitionOf);
  await expect(happened).toMatchFileSnapshot(path.pathname);
});
