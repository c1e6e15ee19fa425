/** Which variables a task and its checks see, and who wins when several name the same. */
import { describe, expect, test } from 'vitest';
import type { LaunchContext } from '../../../runtime/core/tasks/launch.ts';
import type { Environment, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { PlacementRule, PodSpec, TaskSpec } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import { contextOf, launched, offer } from './launching.ts';
import { pod, service, task } from './service.ts';

const port = (number: number, envKey?: string) => ({
  id: 'set',
  cpus: 100,
  memoryMb: 32,
  ...plainSet,
  ports: [{ name: 'web', port: number, advertise: false, ranges: [], ...(envKey ? { envKey } : {}) }],
});

const domain = { fault_domain: { region: { name: 'europe' }, zone: { name: 'z1' } } };
const readinessCheck = { command: 'true', delaySeconds: 0, intervalSeconds: 1, timeoutSeconds: 1 };
const healthCheck = { ...readinessCheck, maxConsecutiveFailures: 1, gracePeriodSeconds: 0 };

function launch(
  change: Partial<TaskSpec>,
  ofPod: Partial<PodSpec> = {},
  context: Partial<LaunchContext> = {},
): TaskInfo {
  return launched(contextOf(pod('web', { ...ofPod, tasks: [task('server', change)] }), context));
}

/** Name by value; a secret is shown by its path. */
function read(environment: Environment | undefined): Record<string, string | undefined> {
  const variables = environment?.variables ?? [];
  return Object.fromEntries(
    variables.map(({ name, value, secret }) => [name, secret ? `secret ${secret.reference?.name}` : value]),
  );
}

const seen = (info: TaskInfo) => read(info.command?.environment);

test('what every task is told', () => {
  expect(seen(launch({}))).toEqual({
    FRAMEWORK_HOST: 'shop.autoip.dcos.thisdcos.directory',
    FRAMEWORK_NAME: 'shop',
    FRAMEWORK_VIP_HOST: 'shop.l4lb.thisdcos.directory',
    PLACEMENT_REFERENCED_REGION: 'false',
    PLACEMENT_REFERENCED_ZONE: 'false',
    POD_INSTANCE_INDEX: '0',
    SCHEDULER_API_HOSTNAME: 'shop.marathon.autoip.dcos.thisdcos.directory',
    SCHEDULER_API_PORT: '8080',
    TASK_NAME: 'web-0-server',
    'web-0-server': 'true',
  });
});

test('the names of a service in a folder', () => {
  const named = { spec: { ...service(pod('web')), name: '/team.eu/shop' } };
  expect(seen(launch({}, {}, named))).toMatchObject({
    FRAMEWORK_HOST: 'team-eushop.autoip.dcos.thisdcos.directory',
    FRAMEWORK_NAME: '/team.eu/shop',
    FRAMEWORK_VIP_HOST: 'team.eushop.l4lb.thisdcos.directory',
    SCHEDULER_API_HOSTNAME: 'shop-team-eu.marathon.autoip.dcos.thisdcos.directory',
  });
});

describe('who wins over whom', () => {
  test.each<[string, TaskInfo, string, string]>([
    [
      'what every task is told wins over the file',
      launch({ environment: { TASK_NAME: 'mine' } }),
      'TASK_NAME',
      'web-0-server',
    ],
    [
      'a config template wins over the file',
      launch({
        environment: { CONFIG_TEMPLATE_A: 'mine' },
        configs: [{ name: 'a', destination: 'a.conf', template: '' }],
      }),
      'CONFIG_TEMPLATE_A',
      'config-templates/a,a.conf',
    ],
    [
      'a plan parameter wins over what every task is told',
      launch({}, {}, { parameters: { TASK_NAME: 'given' } }),
      'TASK_NAME',
      'given',
    ],
    [
      'a secret wins over a plan parameter',
      launch({}, { secrets: [{ path: 'p', envKey: 'A' }] }, { parameters: { A: 'given' } }),
      'A',
      'secret p',
    ],
    [
      'a port wins over a secret',
      launch({ resourceSet: port(80, 'A') }, { secrets: [{ path: 'p', envKey: 'A' }] }),
      'A',
      '80',
    ],
    [
      'where the agent is wins over the file',
      launch({ environment: { ZONE: 'mine' } }, {}, { offer: { ...offer, domain } }),
      'ZONE',
      'z1',
    ],
  ])('%s', (_, info, name, value) => {
    expect(seen(info)[name]).toBe(value);
    expect(info.command?.environment?.variables?.filter((variable) => variable.name === name)).toHaveLength(1);
  });
});

test('the order is that of names, region and zone last', () => {
  const info = launch(
    { environment: { b: '', B: '', _: '' } },
    {},
    { offer: { ...offer, domain }, parameters: { A: '' } },
  );
  const names = info.command?.environment?.variables?.map(({ name }) => name) ?? [];
  const own = names.slice(0, -2);
  expect(own).toEqual([...own].sort());
  expect(own).toEqual(expect.arrayContaining(['A', 'B', '_', 'b']));
  expect(names.slice(-2)).toEqual(['REGION', 'ZONE']);
});

test('checks see the file, what every task is told, and ports; nothing else', () => {
  const info = launch(
    {
      environment: { MINE: 'yes' },
      resourceSet: port(0, 'PORT_WEB'),
      configs: [{ name: 'a', destination: 'a.conf', template: '' }],
      healthCheck,
      readinessCheck,
    },
    { secrets: [{ path: 'p', envKey: 'SECRET' }] },
    { offer: { ...offer, domain }, parameters: { GIVEN: 'yes' } },
  );
  const check = read(info.check?.command?.command.environment);
  expect(check).toMatchObject({ MINE: 'yes', TASK_NAME: 'web-0-server', PORT_WEB: '31000' });
  for (const name of ['CONFIG_TEMPLATE_A', 'SECRET', 'GIVEN', 'REGION', 'ZONE']) {
    expect(check).not.toHaveProperty(name);
    expect(seen(info)).toHaveProperty(name);
  }
  expect(read(info.health_check?.command?.environment)).toEqual(check);
});

test('a port is told only where the file asks for it', () => {
  expect(Object.keys(seen(launch({ resourceSet: port(80) }))).filter((name) => name.includes('PORT'))).toEqual([
    'SCHEDULER_API_PORT',
  ]);
});

test.each([
  ['server.conf', 'CONFIG_TEMPLATE_SERVER_CONF'],
  ['a-b', 'CONFIG_TEMPLATE_A_B'],
  ['jvm_8', 'CONFIG_TEMPLATE_JVM_8'],
])('the template %s is known as %s', (name, variable) => {
  const info = launch({ configs: [{ name, destination: 'etc/x', template: '' }] });
  expect(seen(info)[variable]).toBe(`config-templates/${name},etc/x`);
});

test('a secret without a variable is told to nobody', () => {
  expect(JSON.stringify(launch({}, { secrets: [{ path: 'hidden', file: 'f' }] }).command)).not.toContain('hidden');
});

describe('PLACEMENT_REFERENCED_', () => {
  const inZone: PlacementRule = { kind: 'max-per', field: { kind: 'zone' }, max: 1 };
  const inRegion: PlacementRule = { kind: 'value', field: { kind: 'region' }, match: 'exact', text: 'eu' };
  const onHost: PlacementRule = { kind: 'group-by', field: { kind: 'hostname' } };
  const named: PlacementRule = { kind: 'group-by', field: { kind: 'attribute', name: 'zone' } };
  test.each<[string, PlacementRule | undefined, 'true' | 'false', 'true' | 'false']>([
    ['no rule', undefined, 'false', 'false'],
    ['a rule for hosts', onHost, 'false', 'false'],
    ['an attribute that is called zone', named, 'false', 'false'],
    ['a rule for zones', inZone, 'false', 'true'],
    ['a rule for regions', inRegion, 'true', 'false'],
    ['the region of the masters, which nobody wrote', { kind: 'local-region' }, 'false', 'false'],
    ['one of several', { kind: 'all', rules: [onHost, inZone] }, 'false', 'true'],
    ['deep inside', { kind: 'not', rule: { kind: 'any', rules: [{ kind: 'not', rule: inRegion }] } }, 'true', 'false'],
  ])('%s', (_, placement, region, zone) => {
    expect(seen(launch({}, placement ? { placement } : {}))).toMatchObject({
      PLACEMENT_REFERENCED_REGION: region,
      PLACEMENT_REFERENCED_ZONE: zone,
    });
  });
});
