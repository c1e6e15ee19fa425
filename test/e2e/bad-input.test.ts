/** Mistakes in a definition: told with their place and the fix, and never at the cost of a service that runs. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, taskPids } from '../support/cluster.ts';
import { dataStore, dataStoreTasks, goOn } from '../support/data-store.ts';
import { startDev } from '../support/dev.ts';
import { freePort } from '../support/port.ts';
import { deployed, logOf, logs, plan, planIs, run } from '../support/service.ts';
import { type Workplace, workplace } from '../support/workplace.ts';

interface Mistake {
  readonly name: string;
  /** In svc.yml, this text becomes that. */
  readonly edit?: readonly [string, string];
  readonly env?: Readonly<Record<string, string>>;
  /** Line and column, what is wrong, the fix. */
  readonly told: readonly [string, string, string];
}

const mistakes: readonly Mistake[] = [
  {
    name: 'an unknown field',
    edit: ['memory: {{DATA_MEM}}', 'memroy: {{DATA_MEM}}'],
    told: [':43:9 ', 'pods.data.tasks.node has no field memroy', 'did you mean memory?'],
  },
  {
    name: 'a missing variable',
    edit: ['{{DATA_COUNT}}', '{{DATA_COUNTT}}'],
    told: [':29:12 ', '{{DATA_COUNTT}} has no value', 'did you mean {{DATA_COUNT}}?'],
  },
  {
    name: 'a wrong type',
    env: { DATA_COUNT: 'three' },
    told: [':29:12 ', 'pods.data.count must be a whole number, is three', 'write a whole number, such as 3'],
  },
  {
    name: 'a negative count',
    env: { DATA_COUNT: '-1' },
    told: [':29:12 ', 'pods.data.count must be at least 0, is -1', 'write a number that is at least 0'],
  },
];

test.each(mistakes)('$name: neither dev nor run starts, both say where it is and how to mend it', async (mistake) => {
  const place = workplace();
  const definition = withMistake(place, mistake);
  const scheduler = run(place, {
    master: 'http://127.0.0.1:1',
    port: await freePort(),
    definition,
    ...environment(mistake),
  });
  const assignments = Object.entries(mistake.env ?? {}).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const [ran, developed] = await Promise.all([scheduler.ended, startDev(place, assignments, definition).ended]);

  expect(ran.code).toBe(1);
  const [error] = logOf(scheduler);
  for (const words of mistake.told) expect(error?.msg).toContain(words);
  expect(developed.code).toBe(1);
  for (const words of mistake.told) expect(developed.stderr).toContain(words);
  expect(error?.msg).toContain('data-store/svc.yml');
  expect(developed.stderr).not.toContain('    at ');
});

test('a service that runs does not notice a mistake in its next definition; the deploy plan shows it', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const start = { master: cluster.url, port: await freePort() };
  let scheduler = run(place, start);
  await deployed(start.port);
  const before = taskPids(cluster.workDir);
  expect(Object.keys(before)).toEqual(dataStoreTasks);

  for (const mistake of mistakes) {
    await scheduler.kill();
    scheduler = run(place, { ...start, definition: withMistake(place, mistake), ...environment(mistake) });
    await planIs(start.port, 'deploy', 'ERROR');
    const { errors, phases } = await plan(start.port, 'deploy');
    expect(errors).toHaveLength(1);
    for (const words of mistake.told) expect(errors[0]).toContain(words);
    expect(phases.map(({ status }) => status)).toEqual(['COMPLETE', 'COMPLETE']);
    await logs(scheduler, 'subscribed');
  }
  await goOn(cluster.workDir, before);

  await scheduler.kill();
  scheduler = run(place, start);
  await deployed(start.port);
  await logs(scheduler, 'subscribed');
  await goOn(cluster.workDir, before);
});

/** A copy of the package with the mistake in its svc.yml. */
function withMistake(place: Workplace, { edit }: Mistake): string {
  const folder = join(place.directory, 'data-store');
  cpSync(dataStore, folder, { recursive: true });
  const file = join(folder, 'svc.yml');
  const text = readFileSync(file, 'utf8');
  if (edit) writeFileSync(file, text.replace(...edit));
  return folder;
}

function environment({ env }: Mistake): Pick<Mistake, 'env'> {
  return env ? { env } : {};
}
