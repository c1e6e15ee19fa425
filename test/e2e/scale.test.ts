/** More pods are added, fewer are refused where the definition does not allow it, and whoever runs already does not notice. */
import { expect, test } from 'vitest';
import { startCluster, taskPids } from '../support/cluster.ts';
import { dataStoreTasks, goOn } from '../support/data-store.ts';
import { freePort } from '../support/port.ts';
import { deployed, get, logs, plan, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

test('five data pods instead of three adds two and touches nothing else; one meta-data pod less is refused', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const start = { master: cluster.url, port };
  const three = run(place, start);
  await deployed(port);
  const before = taskPids(cluster.workDir);
  expect(Object.keys(before)).toEqual(dataStoreTasks);

  await three.kill();
  const five = run(place, { ...start, env: { DATA_COUNT: '5' } });
  await deployed(port);
  const grown = taskPids(cluster.workDir);
  expect(Object.keys(grown).sort()).toEqual([...dataStoreTasks, 'data-3-node', 'data-4-node'].sort());
  expect(grown).toMatchObject(before);

  await five.kill();
  const two = run(place, { ...start, env: { DATA_COUNT: '5', METADATA_COUNT: '1' } });
  await planIs(port, 'deploy', 'ERROR');
  const refused = await plan(port, 'deploy');
  expect(refused.code).toBe(417);
  const message = /^Field: 'PodSpec\[name:meta-data]'; Transition: '2' => '1'; .*allow-decommission.*; Fatal: false$/;
  expect(refused.errors).toEqual([expect.stringMatching(message)]);
  expect((await get(port, 'v1/health')).status).toBe(500);
  const shown = await place.mainstay(['plan', 'show', 'deploy', '--url', `http://127.0.0.1:${port}`]).ended;
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain(`Errors:\n- ${refused.errors[0]}`);
  await logs(two, 'subscribed');
  await goOn(cluster.workDir, grown);

  await two.kill();
  const again = run(place, { ...start, env: { DATA_COUNT: '5' } });
  await logs(again, 'subscribed');
  await goOn(cluster.workDir, grown);
  await deployed(port);
  expect((await get(port, 'v1/health')).status).toBe(200);
});
