/** How a task is found and known again: DNS names, ports, virtual addresses, labels. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaunchContext } from '../../../runtime/core/tasks/launch.ts';
import { autoIpName, vipName } from '../../../runtime/core/tasks/name.ts';
import { configOf, podOf } from '../../../runtime/core/tasks/record.ts';
import type { Offer, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { PodSpec, PortSpec, TaskSpec } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import { contextOf, launched, offer } from './launching.ts';
import { pod, task } from './service.ts';

const port = (change: Partial<PortSpec> = {}): PortSpec => ({
  name: 'web',
  port: 8080,
  advertise: false,
  ranges: [],
  ...change,
});
const withPorts = (...ports: PortSpec[]) => ({ resourceSet: { id: 'set', cpus: 1, memoryMb: 1, ...plainSet, ports } });

function launch(
  change: Partial<TaskSpec>,
  ofPod: Partial<PodSpec> = {},
  context: Partial<LaunchContext> = {},
): TaskInfo {
  return launched(contextOf(pod('web', { ...ofPod, tasks: [task('server', change)] }), context));
}

describe('the name of a task in DNS', () => {
  test.each<[string, Partial<TaskSpec>, unknown]>([
    ['none without a port', {}, undefined],
    ['its own, with a port', withPorts(port()), { name: 'web-0-server', visibility: 'CLUSTER' }],
    [
      'its own, by default, when it asks for discovery',
      { discovery: { visibility: 'EXTERNAL' } },
      { visibility: 'EXTERNAL' },
    ],
    [
      'a prefix, with the index',
      { discovery: { prefix: 'shop', visibility: 'FRAMEWORK' } },
      { name: 'shop-0', visibility: 'FRAMEWORK' },
    ],
  ])('%s', (_, change, discovery) => {
    const { ports: _ports, ...said } = launch(change).discovery ?? {};
    expect(launch(change).discovery && said).toEqual(discovery);
  });

  test.each([
    ['web-0-server', 'shop', 'web-0-server.shop.tld'],
    ['web.a-0-server', '/team.eu/shop', 'web-a-0-server.team-eushop.tld'],
    ['/path/to/svc', 'marathon', 'svc-to-path.marathon.tld'],
  ])('%s of %s is %s', (name, service, dns) => {
    expect(autoIpName(name, service, 'tld')).toBe(dns);
  });

  test('a virtual address keeps dots and drops slashes', () => {
    expect(vipName('we/b.x', '/team.eu/shop', 'tld')).toBe('web.x.team.eushop.tld');
  });
});

describe('a port', () => {
  test.each<[string, Partial<PortSpec>, string]>([
    ['is for the cluster', {}, 'CLUSTER'],
    ['that is advertised is for all', { advertise: true }, 'EXTERNAL'],
    ['with a virtual address is for all', { vip: { name: 'web', port: 80 } }, 'EXTERNAL'],
  ])('%s', (_, change, visibility) => {
    expect(launch(withPorts(port(change))).discovery?.ports?.ports).toMatchObject([
      { number: 8080, name: 'web', protocol: 'tcp', visibility },
    ]);
  });

  test.each<[string, string[], object[]]>([
    ['on the network of the host', [], []],
    ['on an overlay', ['dcos'], [{ key: 'network-scope', value: 'container' }]],
    ['on the bridge', ['mesos-bridge'], [{ key: 'network-scope', value: 'host' }]],
  ])('the label of a virtual address, %s', (_, names, scope) => {
    const networks = names.map((name) => ({ name, portMappings: [], labels: {} }));
    const info = launch(withPorts(port({ vip: { name: 'front', port: 80 } })), { networks });
    const key = expect.stringMatching(/^VIP_[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(info.discovery?.ports?.ports?.[0]?.labels?.labels).toEqual([{ key, value: 'front:80' }, ...scope]);
    const plain = launch(withPorts(port()), { networks });
    expect(plain.discovery?.ports?.ports?.[0]).not.toHaveProperty('labels');
  });

  test('its label stays the same from launch to launch, and is that of no other port or instance', () => {
    const vip = { name: 'front', port: 80 };
    const ports = withPorts(port({ vip }), port({ name: 'admin', port: 0, vip }));
    const keys = (index: number, change: Partial<LaunchContext> = {}) =>
      launch(ports, {}, { index, ...change }).discovery?.ports?.ports?.map((one) => one.labels?.labels?.[0]?.key);
    expect(keys(0, { configId: 'other', offer: { ...offer, hostname: 'elsewhere' } })).toEqual(keys(0));
    expect(new Set([keys(0), keys(1)].flat()).size).toBe(4);
  });
});

describe('labels', () => {
  const agent: Offer = {
    ...offer,
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'load', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'slots', type: 'RANGES', ranges: { range: [{ begin: 1, end: 3 }] } },
      { name: 'zones', type: 'SET', set: { item: ['a', 'b'] } },
    ],
    domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'z1' } } },
  };
  const read = (info: TaskInfo) =>
    Object.fromEntries((info.labels?.labels ?? []).map(({ key, value }) => [key, value]));

  test('tell where a task was launched, and as what', () => {
    expect(read(launch({ labels: { team: 'a:b' } }, {}, { offer: agent, index: 3 }))).toEqual({
      target_configuration: 'config',
      task_type: 'web',
      index: '3',
      offer_hostname: 'host-1',
      offer_attributes: 'rack:r1;load:1.000;slots:[1-3];zones:{a,b}',
      offer_region: 'eu',
      offer_zone: 'z1',
      team: 'a:b',
    });
    expect(Object.keys(read(launch({})))).not.toContain('offer_zone');
  });

  test('of authors are kept, sorted by key, and never make a task look like another', () => {
    const ours = ['target_configuration', 'task_type', 'index', 'offer_hostname', 'offer_zone', 'permanently-failed'];
    const key = fc.oneof(fc.constantFrom(...ours), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (labels) => {
        const info = launch({ labels });
        const keys = info.labels?.labels?.map((label) => label.key) ?? [];
        expect(keys).toEqual([...keys].sort());
        expect(new Set(keys).size).toBe(keys.length);
        expect(configOf({ info, progress: {} })).toBe('config');
        expect(podOf(info)).toEqual({ type: 'web', index: 0 });
        expect(keys).not.toContain('permanently-failed');
        for (const [name, value] of Object.entries(labels))
          if (!ours.includes(name) && !name.startsWith('offer_')) expect(read(info)[name]).toBe(value);
      }),
    );
  });
});
