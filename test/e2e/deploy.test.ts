/** What a newcomer sees first: one command deploys the service, ends, and finds everything again the next time. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { taskPids, volumes } from '../support/cluster.ts';
import { dataStoreTasks, logLines, moreLines, storeVolume } from '../support/data-store.ts';
import { dev, startDev } from '../support/dev.ts';
import { eventually } from '../support/eventually.ts';
import { taskProcesses } from '../support/processes.ts';
import { helloWorld, planIs } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

test('dev deploys meta-data before data, ends without a trace but the volumes, and recovers on them at the next start', async () => {
  const place = workplace();
  const startedAt = Date.now();
  const first = await startDev(place, ['--exit-when-deployed']).ended;
  const deployedAfter = /([\d.]+s) {2}deploy COMPLETE/.exec(first.stdout)?.[1];
  console.log(`dev --exit-when-deployed: deployed after ${deployedAfter}, ${Date.now() - startedAt} ms in all`);
  expect(first.code, first.stderr).toBe(0);
  expect(completions(first.stdout)).toEqual([
    'meta-data-0:[node]',
    'meta-data-1:[node]',
    'data-0:[node]',
    'data-1:[node]',
    'data-2:[node]',
  ]);
  expect(first.stdout.indexOf('meta-data-1:[node] COMPLETE')).toBeLessThan(
    first.stdout.indexOf('deploy data-0:[node] STARTING'),
  );
  expect(first.stdout).toContain('deploy COMPLETE');
  expect(taskProcesses(place.directory)).toEqual([]);
  const made = volumes(join(place.directory, 'data-dir/cluster'));
  expect(made).toHaveLength(5);
  const written = made.map(logLines);
  expect(written.flat()).not.toEqual([]);

  const { port, workDir } = await dev(place);
  await eventually(() => expect(Object.keys(taskPids(workDir))).toEqual(dataStoreTasks));
  await planIs(port, 'recovery', 'COMPLETE');
  await planIs(port, 'deploy', 'COMPLETE');
  expect(volumes(workDir)).toEqual(made);
  expect(dataStoreTasks.map((task) => storeVolume(workDir, task)).sort()).toEqual([...made].sort());
  for (const [at, volume] of made.entries()) {
    const before = written[at]!;
    expect((await moreLines(before.length, volume)).slice(0, before.length)).toEqual(before);
  }
});

test('the example package deploys a pod with a health check and one with a readiness check', async () => {
  const place = workplace();
  const { code, stdout, stderr } = await startDev(place, ['--exit-when-deployed'], helloWorld).ended;
  expect(code, stderr).toBe(0);
  expect(completions(stdout)).toEqual(['hello-0:[server]', 'world-0:[server]', 'world-1:[server]']);
});

test('what can never be deployed ends --exit-when-deployed with the reason, agent by agent', async () => {
  const place = workplace();
  const args = ['--exit-when-deployed', '--timeout', '2', '-e', 'DATA_CPU=16'];
  const { code, stderr } = await startDev(place, args).ended;
  expect(code).toBe(1);
  expect(stderr).toContain('data-0:[node]');
  for (const agent of ['agent-1', 'agent-2', 'agent-3']) expect(stderr).toMatch(new RegExp(`${agent}: cpus.*16`));
  expect(taskProcesses(place.directory)).toEqual([]);
});

/** The steps of the deploy plan in the order in which they became COMPLETE. */
function completions(stdout: string): string[] {
  return [...stdout.matchAll(/deploy (\S+:\[\S+\]) COMPLETE/g)].map(([, step]) => step!);
}
