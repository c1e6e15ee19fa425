import { describe, expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { defaultSettings, type Service, type TaskRecord } from '../../../runtime/core/state.ts';
import type { Candidate } from '../../../runtime/core/target/select.ts';
import { configOf } from '../../../runtime/core/tasks/record.ts';
import type { ResourceLimits, ServiceSpec } from '../../../runtime/spec/service.ts';
import { countingIds } from '../../simulation/ids.ts';
import { plainSet } from '../../support/plain.ts';
import { pod, service, task } from './service.ts';

const volume = (sizeMb: number) => ({ type: 'ROOT' as const, containerPath: 'data', sizeMb });
const withVolumes = (...volumes: ReturnType<typeof volume>[]) =>
  task('server', { resourceSet: { id: 'server-resource-set', cpus: 500, memoryMb: 128, ...plainSet, volumes } });

const overlay = { name: 'dcos', portMappings: [], labels: {} };
const encrypted = task('server', { transportEncryption: [{ name: 'node', type: 'TLS' }] });
const limited = (limits: ResourceLimits) =>
  task('server', { resourceSet: { id: 'server-resource-set', cpus: 500, memoryMb: 128, ...plainSet, limits } });

const newId = countingIds();

function start(stored: Service | undefined, candidate: Candidate) {
  return boot(stored ? { service: stored } : {}, candidate, defaultSettings, 0, newId);
}

function started(stored: Service | undefined, spec: ServiceSpec): Service {
  const booted = start(stored, { ok: true, spec });
  if (!booted.ok) throw new Error(booted.errors.join());
  return [...booted.state.services.values()][0] as Service;
}

/** A service that runs this definition, with one running, ready task for each instance. */
function running(spec: ServiceSpec): Service {
  const found = started(undefined, spec);
  for (const type of spec.pods) {
    for (let index = 0; index < type.count; index++) {
      const name = `${type.type}-${index}-server`;
      const labels = { target_configuration: found.targetId, task_type: type.type, index: String(index) };
      const record: TaskRecord = {
        info: {
          name,
          task_id: { value: `shop__${name}__1` },
          agent_id: { value: 'agent' },
          labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) },
        },
        status: { task_id: { value: `shop__${name}__1` }, state: 'TASK_RUNNING' },
        progress: { reached: found.targetId },
      };
      found.tasks.set(name, record);
    }
  }
  return found;
}

const base = service(pod('web', { count: 2 }), pod('data', { count: 3, tasks: [withVolumes(volume(100))] }));

describe('a change that is refused leaves the service on its old target', () => {
  test.each<[string, ServiceSpec, RegExp]>([
    ['fewer instances', service(pod('web', { count: 1 }), ...base.pods.slice(1)), /PodSpec\[name:web].*'2' => '1'/],
    ['a pod type less', service(...base.pods.slice(1)), /PodSpec\[name:web].*'2' => 'null'/],
    [
      'a smaller volume',
      service(...base.pods.slice(0, 1), pod('data', { count: 3, tasks: [withVolumes(volume(50))] })),
      /TaskVolumes\[taskname:server].*ROOT data 100 MB.*ROOT data 50 MB.*Volumes must be equal/,
    ],
    [
      'no volume any more',
      service(...base.pods.slice(0, 1), pod('data', { count: 3, tasks: [withVolumes()] })),
      /Volumes must be equal/,
    ],
    [
      'a volume of the pod that is gone',
      service(
        pod('web', { count: 2 }),
        pod('data', { count: 3, tasks: base.pods[1]?.tasks ?? [], volumes: [volume(9)] }),
      ),
      /PodVolumes\[name:data].*'' => 'ROOT data 9 MB'.*Volumes must be equal/,
    ],
    [
      'a task that holds data under another name',
      service(
        pod('web', { count: 2 }),
        pod('data', { count: 3, tasks: [{ ...withVolumes(volume(100)), name: 'node' }] }),
      ),
      /TaskVolumes\[taskname:server].*'null'.*cannot go or be renamed/,
    ],
    [
      'a network with ports of its own',
      service(pod('web', { count: 2, networks: [overlay] }), ...base.pods.slice(1)),
      /PodSpec\[name:web].*'host' => 'dcos'.*cannot move/,
    ],
    [
      'a role to reserve from',
      service(pod('web', { count: 2, preReservedRole: 'slow' }), ...base.pods.slice(1)),
      /PodSpec\[pre-reserved-role:\*].*'\*' => 'slow'/,
    ],
    ['a region', { ...base, region: 'europe' }, /Field: 'region'; Transition: 'null' => 'europe'/],
    [
      'certificates that nobody can sign',
      service(pod('web', { count: 2, tasks: [encrypted] }), ...base.pods.slice(1)),
      /Field: 'transport-encryption'; Value: 'server'; .*DCOS_SERVICE_ACCOUNT_CREDENTIAL.*Fatal: false/,
    ],
    [
      'a limit below what is asked for',
      service(pod('web', { count: 2, tasks: [limited({ cpus: 499 })] }), ...base.pods.slice(1)),
      /Field: 'ResourceLimits'; Value: '0.499'; .*task 'server', 0.499, is less than the requested amount, 0.5'/,
    ],
    ['another principal', { ...base, principal: 'other' }, /Field: 'role'/],
  ])('%s', (_, next, message) => {
    const before = running(base);
    const { targetId } = before;
    const after = started(before, next);
    expect(after.targetId).toBe(targetId);
    expect(after.errors).toHaveLength(1);
    expect(after.errors[0]).toMatch(message);
  });

  test('a definition that cannot be read', () => {
    const before = running(base);
    const booted = start(before, { ok: false, errors: ['svc.yml:3:1 no'] });
    expect(booted.ok && booted.state.services.get('shop')?.errors).toEqual(['svc.yml:3:1 no']);
    expect(booted.ok && booted.writes).toEqual([]);
  });
});

test('another user ends the process: tasks of two users cannot share volumes', () => {
  const booted = start(running(base), { ok: true, spec: { ...base, user: 'nobody' } });
  expect(booted).toMatchObject({ ok: false, errors: [expect.stringContaining("Transition: 'root' => 'nobody'")] });
});

test('without a stored target, a definition that cannot be read ends the process', () => {
  expect(start(undefined, { ok: false, errors: ['no'] })).toEqual({ ok: false, errors: ['no'] });
});

test('the same definition changes nothing', () => {
  const before = running(base);
  const booted = start(before, { ok: true, spec: structuredClone(base) });
  expect(booted.ok && booted.writes).toEqual([]);
});

describe('a new target', () => {
  test('more instances: those that run belong to the new target, and stay ready', () => {
    const before = running(base);
    const old = before.targetId;
    const after = started(before, service(pod('web', { count: 4 }), ...base.pods.slice(1)));
    expect(after.targetId).not.toBe(old);
    for (const record of after.tasks.values()) {
      expect(configOf(record)).toBe(after.targetId);
      expect(record.progress.reached).toBe(after.targetId);
    }
    expect([...after.configs.keys()], 'the old one is in use by nobody').toEqual([after.targetId]);
  });

  test('another command for one pod type: only its tasks are to be rolled', () => {
    const before = running(base);
    const old = before.targetId;
    const web = pod('web', { count: 2, tasks: [task('server', { command: 'sleep 2000' })] });
    const after = started(before, service(web, ...base.pods.slice(1)));
    const of = (name: string) => configOf(after.tasks.get(name) as TaskRecord);
    expect([of('web-0-server'), of('web-1-server')]).toEqual([old, old]);
    expect(of('data-0-server')).toBe(after.targetId);
    expect(after.configs.has(old), 'kept while a task runs it').toBe(true);
  });

  test('placement and the essential mark restart nothing', () => {
    const before = running(base);
    const web = pod('web', {
      count: 2,
      placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 },
      tasks: [task('server', { essential: false })],
    });
    const after = started(before, service(web, ...base.pods.slice(1)));
    for (const record of after.tasks.values()) expect(configOf(record)).toBe(after.targetId);
  });
});

describe('a change that may be', () => {
  const mount = (...profiles: string[]) => ({ type: 'MOUNT' as const, containerPath: 'data', sizeMb: 100, profiles });
  const onDisk = (...profiles: string[]) =>
    service(
      pod('data', {
        tasks: [{ ...withVolumes(), resourceSet: { ...withVolumes().resourceSet, volumes: [mount(...profiles)] } }],
      }),
    );
  const joined = (...names: string[]) => service(pod('web', { networks: names.map((name) => ({ ...overlay, name })) }));

  test.each<[string, ServiceSpec, ServiceSpec]>([
    ['from the network of the host to the bridge, which has the same ports', joined(), joined('mesos-bridge')],
    ['from one overlay to another', joined('dcos'), joined('mine')],
    ['the profiles of a disk in another order', onDisk('a', 'b'), onDisk('b', 'a')],
    [
      'limits at what is asked for, and above',
      service(pod('web')),
      service(pod('web', { tasks: [limited({ cpus: 500, memoryMb: 'unlimited' })] })),
    ],
  ])('%s', (_, before, next) => {
    expect(started(running(before), next).errors).toEqual([]);
  });

  test('other profiles of a disk may not', () => {
    expect(started(running(onDisk('a')), onDisk('a', 'b')).errors[0]).toMatch(
      /'MOUNT data 100 MB on a' => '.* on a or b'/,
    );
  });

  test('certificates, with a service account to sign them for', () => {
    const settings = { ...defaultSettings, hasServiceAccount: true };
    const spec = service(pod('web', { tasks: [encrypted] }));
    expect(boot({}, { ok: true, spec }, settings, 0, newId)).toMatchObject({ ok: true });
  });
});

describe('a first deployment is refused', () => {
  test.each<[string, ServiceSpec, RegExp]>([
    [
      'when its name is no name in DNS',
      { ...service(pod('web')), name: `/team/${'x'.repeat(60)}` },
      /service.name.*64 characters/,
    ],
    ['when nobody can sign its certificates', service(pod('web', { tasks: [encrypted] })), /transport-encryption/],
    ['when a limit is too low', service(pod('web', { tasks: [limited({ memoryMb: 1 })] })), /The mem resource-limits/],
  ])('%s', (_, spec, message) => {
    expect(start(undefined, { ok: true, spec })).toEqual({ ok: false, errors: [expect.stringMatching(message)] });
  });

  test('a service that runs keeps its long name', () => {
    const named = { ...service(pod('web')), name: 'x'.repeat(64) };
    const stored = running(service(pod('web')));
    stored.configs.set(stored.targetId, named);
    expect(started(stored, named).errors).toEqual([]);
  });
});
