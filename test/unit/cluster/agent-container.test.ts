/** What tasks find in their sandboxes: volumes of their own, of their executor, of disks, and of the machine. */
import { describe, expect, test } from 'vitest';
import { execution, mounts, volumeLinks } from '../../../runtime/cluster/agent-container.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { bench, executor, framework, runs, task } from './agent-bench.ts';

const volume: Resource = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 10 },
  reservations: [{ type: 'DYNAMIC', role: 'data-role' }],
  disk: { persistence: { id: 'volume-1' }, volume: { container_path: 'data', mode: 'RW' } },
};

test('a volume of a MOUNT disk is the disk itself, wherever the work directory is', () => {
  const mounted = {
    ...volume,
    disk: { ...volume.disk, source: { type: 'MOUNT' as const, mount: { root: 'disks/1' } } },
  };
  expect(volumeLinks('/agent-1', { resources: [mounted] })).toEqual([
    { containerPath: 'data', hostPath: '/agent-1/disks/1' },
  ]);
});

describe('a volume of the pod', () => {
  const shared = {
    container_path: 'logs',
    mode: 'RW' as const,
    source: { type: 'SANDBOX_PATH' as const, sandbox_path: { type: 'PARENT' as const, path: 'data' } },
  };

  test('lies in the sandbox of the executor, and each of its tasks sees it there', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const launched = agent.master({
      kind: 'launch',
      framework,
      executor: { ...executor, resources: [volume] },
      tasks: ['one', 'two'].map((id) => task(id, { container: { type: 'MESOS', volumes: [shared] } })),
    });
    const [one, two] = runs(launched);
    expect(one?.executor).toEqual({
      directory: one?.execution.directory.replace(/\/containers\/.*/, ''),
      volumes: [{ containerPath: 'data', hostPath: '/agent-1/volumes/roles/data-role/volume-1' }],
    });
    for (const run of [one, two]) {
      expect(run?.volumes).toEqual([{ containerPath: 'logs', hostPath: `${one?.executor.directory}/data` }]);
    }
  });
});

test('a directory of the machine is linked, and never made', () => {
  const container = { volumes: [{ container_path: 'hosts', host_path: '/etc', mode: 'RO' as const }] };
  expect(mounts(task('t', { container }), '/run')).toEqual([
    { containerPath: 'hosts', hostPath: '/etc', foreign: true },
  ]);
});

test('a secret that comes by value is a variable like others', () => {
  const data = Buffer.from('open sesame').toString('base64');
  const variables = [
    { name: 'PASSWORD', type: 'SECRET' as const, secret: { type: 'VALUE' as const, value: { data } } },
  ];
  const command = { value: 'true', environment: { variables } };
  const { environment } = execution(command, task('t', { command }), framework, '/sandbox', '127.0.0.1');
  expect(environment['PASSWORD']).toBe('open sesame');
});
