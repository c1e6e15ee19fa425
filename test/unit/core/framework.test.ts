/** What the scheduler tells Mesos about itself. */
import { expect, test } from 'vitest';
import { createMaster } from '../../../runtime/cluster/master.ts';
import { frameworkInfo, rolesOf, subscribeCall } from '../../../runtime/core/framework.ts';
import { defaultSettings, emptyService, newSession, type Settings, type State } from '../../../runtime/core/state.ts';
import type { ServiceSpec } from '../../../runtime/spec/service.ts';
import { pod, service, task } from './service.ts';

/** A framework whose target is the first; tasks still refer to the others. */
function framework(target: ServiceSpec, others: ServiceSpec[] = [], settings: Partial<Settings> = {}): State {
  const shop = { ...emptyService(target.name), targetId: 'target' };
  shop.configs.set('target', target);
  for (const [at, other] of others.entries()) shop.configs.set(`old-${at}`, other);
  return {
    settings: { ...defaultSettings, ...settings },
    services: new Map([[shop.name, shop]]),
    session: newSession(),
  };
}

const plain = pod('web');
const reserved = pod('data', { preReservedRole: 'dse' });
const ordinary = task('server');
const graphical = task('train', { resourceSet: { ...ordinary.resourceSet, gpus: 1000 } });
const capabilitiesOf = (state: State) => frameworkInfo(state).capabilities?.map(({ type }) => type);

test('a plain service: every field, and nothing else', () => {
  expect(subscribeCall(framework(service(plain)))).toEqual({
    type: 'SUBSCRIBE',
    subscribe: {
      framework_info: {
        user: 'root',
        name: 'shop',
        failover_timeout: 1_209_600,
        checkpoint: true,
        role: 'shop-role',
        principal: 'shop-principal',
        capabilities: [{ type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'REGION_AWARE' }],
      },
    },
  });
});

test('the id that Mesos gave stands in the call and in the framework; a web page is told if there is one', () => {
  const state = { ...framework({ ...service(plain), webUrl: 'http://shop' }), frameworkId: 'F' };
  expect(subscribeCall(state)).toMatchObject({
    framework_id: { value: 'F' },
    subscribe: { framework_info: { id: { value: 'F' }, webui_url: 'http://shop' } },
  });
});

test.each([
  ['one role is said the old way', framework(service(plain)), { role: 'shop-role' }, false],
  [
    'statically reserved resources have a role of their own below the reserved one',
    framework(service(plain, reserved)),
    { roles: ['shop-role', 'dse/shop-role'] },
    true,
  ],
  [
    'two pods of one reserved role need it once',
    framework(service(reserved, { ...reserved, type: 'more' })),
    { roles: ['shop-role', 'dse/shop-role'] },
    true,
  ],
  [
    'what a pod that left the target still holds can only be given back under its role',
    framework(service(plain), [service(plain, reserved)]),
    { roles: ['shop-role', 'dse/shop-role'] },
    true,
  ],
])('%s', (_, state, said, multiRole) => {
  const { role, roles } = frameworkInfo(state);
  expect({ ...(role && { role }), ...(roles && { roles }) }).toEqual(said);
  expect(capabilitiesOf(state)?.includes('MULTI_ROLE')).toBe(multiRole);
  expect([...rolesOf(state)]).toEqual(roles ?? [role]);
});

test.each([
  [
    'agents with GPUs are wanted by whoever has a task that uses one',
    framework(service(plain, pod('ml', { tasks: [ordinary, graphical] }))),
    'GPU_RESOURCES',
    true,
  ],
  ['and by nobody else', framework(service(plain)), 'GPU_RESOURCES', false],
  [
    'agents of other regions come unless that is turned off',
    framework(service(plain), [], { regionAware: false }),
    'REGION_AWARE',
    false,
  ],
])('%s', (_, state, capability, asked) => {
  expect(capabilitiesOf(state)?.includes(capability)).toBe(asked);
});

test('Mesos takes a change of roles at the next subscription, there and back', () => {
  const master = createMaster({ id: 'M', host: '127.0.0.1', port: 5050, newId: () => 'stream' });
  const state = framework(service(plain));
  /** The events on the stream of a new subscription. */
  const subscribe = (connection: number, target: ServiceSpec) => {
    state.services.get('shop')?.configs.set('target', target);
    const outputs = master.take({ kind: 'call', connection, call: subscribeCall(state) }, 0);
    return outputs.flatMap((output) =>
      output.kind === 'event' && output.connection === connection ? [output.event] : [],
    );
  };
  for (const [at, target] of [service(plain), service(plain, reserved), service(plain)].entries()) {
    const events = subscribe(at + 1, target);
    const [first] = events;
    expect(events.map(({ type }) => type)).not.toContain('ERROR');
    if (first?.type !== 'SUBSCRIBED') throw new Error('not subscribed');
    expect(first.subscribed.framework_id.value).toBe(state.frameworkId ?? first.subscribed.framework_id.value);
    state.frameworkId = first.subscribed.framework_id.value;
  }
});
