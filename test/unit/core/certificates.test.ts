/** A task with transport-encryption and the frames around its launch: first its certificates, then a place. */
import { describe, expect, test } from 'vitest';
import { whyBody } from '../../../runtime/api/bodies/why.ts';
import { boot, bootUninstall } from '../../../runtime/core/boot.ts';
import type { Effects } from '../../../runtime/core/effect.ts';
import type { Event } from '../../../runtime/core/event.ts';
import { frame } from '../../../runtime/core/frame.ts';
import { plansOf } from '../../../runtime/core/plan/plans.ts';
import { defaultSettings, type Settings, type State } from '../../../runtime/core/state.ts';
import type { ServiceSpec } from '../../../runtime/spec/service.ts';
import { countingIds } from '../../simulation/ids.ts';
import { offer } from './launching.ts';
import { pod, service, task } from './service.ts';

const settings: Settings = { ...defaultSettings, hasServiceAccount: true };
const server = task('server', { transportEncryption: [{ name: 'node', type: 'TLS' }] });
const shop = service(pod('web', { count: 2, tasks: [server, task('side', { goal: 'ONCE' })] }));

/** A scheduler that has subscribed, with what that frame asked for. */
function schedulerOf(state: State) {
  const newId = countingIds();
  const at = (now: number, ...events: Event[]): Effects => frame(state, events, now, newId);
  const begun = at(0, { kind: 'subscribed', subscription: 1, frameworkId: 'framework' });
  const offered = (now: number) => at(now, { kind: 'offers', subscription: 1, offers: [roomy(String(now))] });
  const served = [...state.services.values()][0]!;
  const why = (instance: string) => whyBody({ service: served, state, now: 0 }, instance)?.steps[0];
  /** Mesos has carried out what was asked of it. */
  const settle = (now: number) => {
    const finished = [...served.operations.keys()].map((value): Event => {
      const status = { operation_id: { value }, state: 'OPERATION_FINISHED' } as const;
      return { kind: 'operation', subscription: 1, status };
    });
    return at(now, ...finished);
  };
  return { state, service: served, settle, begun, at, offered, why };
}

function roomy(id: string) {
  const resources = (['cpus', 'mem', 'disk'] as const).map((name) => {
    return { name, type: 'SCALAR' as const, scalar: { value: 10_000 } };
  });
  return { ...offer, id: { value: id }, resources };
}

function deploying(spec: ServiceSpec = shop, strategy: 'serial' | 'parallel' = 'serial') {
  const plans = [{ name: 'deploy', strategy, phases: [{ name: 'web', pod: 'web', strategy }] }];
  const booted = boot({}, { ok: true, spec, plans }, settings, 0, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  return schedulerOf(booted.state);
}

const ordered = ({ orders }: Effects) => orders.map(({ id }) => id);
const said = ({ calls }: Effects) => calls.map(({ type }) => type);
/** SHA-1 of `web-<n>-server.shop.autoip.dcos.thisdcos.directory`, worked out by sha1sum. */
const [FIRST, SECOND] = [
  'shop/e2dc9ff6c75124368ee55e4a826f5e7cca98c88e__web-0-server__node__certificate',
  'shop/a5025378add5c8ed12b01fc315a4811a6904a5f4__web-1-server__node__certificate',
];

test('orders name what stands in the certificate and all that is kept of it', () => {
  const vip = { name: 'front', port: 443 };
  const ports = [{ name: 'https', port: 443, advertise: true, ranges: [], vip }];
  const found = task('server', {
    transportEncryption: [{ name: 'node', type: 'KEYSTORE' }],
    discovery: { prefix: 'front', visibility: 'EXTERNAL' },
    resourceSet: { ...server.resourceSet, ports },
  });
  const spec = { ...service(pod('web', { tasks: [found] })), name: '/team/a.shop' };
  expect(deploying(spec).begun.orders).toMatchObject([
    {
      kind: 'certificate',
      awaitedBy: 'web-0',
      commonName: 'web-0-server.teama-shop',
      alternativeNames: [
        'front-0.teama-shop.autoip.dcos.thisdcos.directory',
        'front.teama.shop.l4lb.thisdcos.directory',
      ],
    },
  ]);
});
test('nothing is launched before the certificates are there, then at once', () => {
  const { begun, at, offered, why } = deploying();
  expect(ordered(begun)).toEqual([FIRST]);
  const first = offered(1);
  expect([ordered(first), said(first)]).toEqual([[], []]);
  expect(why('web-0')).toMatchObject({ status: 'PENDING', why: 'waits for certificates' });
  expect(why('web-1')?.why).toBe('waits for its turn after web-0:[server, side]');
  const second = at(2, { kind: 'tick' });
  expect([ordered(second), said(second)]).toEqual([[], []]);
  const third = at(3, { kind: 'order', id: FIRST });
  expect([ordered(third), said(third)]).toEqual([[], ['ACCEPT']]);
});

test('instances that may start at once have theirs made at once, and wait each for its own', () => {
  const { begun, at, offered, service: shop } = deploying(undefined, 'parallel');
  expect(ordered(begun)).toEqual([FIRST, SECOND]);
  offered(1);
  at(2, { kind: 'order', id: SECOND });
  expect([...shop.tasks.keys()]).toEqual(['web-1-server', 'web-1-side']);
});

test('an order that failed says why, and is placed again later and later, a minute apart at most', () => {
  const { at, why } = deploying();
  const waits: number[] = [];
  let now = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    const failed = at(now, { kind: 'order', id: FIRST, reason: 'the authority is away' });
    expect(failed.notes).toMatchObject([{ level: 'warn', message: 'certificates failed', keys: { for: 'web-0' } }]);
    expect(why('web-0')?.why).toBe('waits for certificates: the authority is away');
    const wakeAt = failed.wakeAt ?? 0;
    waits.push(wakeAt - now);
    expect(ordered(at(wakeAt - 1, { kind: 'tick' }))).toEqual([]);
    expect(ordered(at(wakeAt, { kind: 'tick' }))).toEqual([FIRST]);
    // What was wrong last stays to be read while it is tried again.
    expect(why('web-0')?.why).toBe('waits for certificates: the authority is away');
    now = wakeAt;
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test('what is there is known until the launch; the next launch looks again', () => {
  const { at, offered, settle, state } = deploying();
  offered(1);
  at(2, { kind: 'order', id: FIRST });
  settle(3);
  expect([...state.session.orders.keys()]).toEqual([]);
  const record = state.services.get('shop')?.tasks.get('web-0-server');
  at(4, {
    kind: 'status',
    subscription: 1,
    status: { task_id: record!.info.task_id, state: 'TASK_FAILED', uuid: 'AAAA', agent_id: offer.agent_id },
  });
  const after = at(100_000, { kind: 'tick' });
  expect(ordered(after)).toEqual([FIRST]);
});

test('a new process knows nothing and orders again, without ending what runs', () => {
  const { offered, at, settle, state } = deploying();
  offered(1);
  at(2, { kind: 'order', id: FIRST });
  settle(3);
  const { info } = state.services.get('shop')!.tasks.get('web-0-server')!;
  const changed = task('server', { ...server, command: 'sleep 2000' });
  const booted = boot(
    { frameworkId: 'framework', service: state.services.get('shop')! },
    { ok: true, spec: service(pod('web', { count: 2, tasks: [changed, task('side', { goal: 'ONCE' })] })), plans: [] },
    settings,
    3,
    () => 'another configuration',
  );
  if (!booted.ok) throw new Error(booted.errors.join());
  const next = schedulerOf(booted.state);
  const status = { task_id: info.task_id, state: 'TASK_RUNNING', agent_id: offer.agent_id } as const;
  const side = { ...status, task_id: state.services.get('shop')!.tasks.get('web-0-side')!.info.task_id };
  const known = [status, side].map((one): Event => ({ kind: 'status', subscription: 1, status: one }));
  const before = next.at(4, ...known);
  expect([ordered(before), said(before).includes('KILL')]).toEqual([[FIRST], false]);
  const after = next.at(5, { kind: 'order', id: FIRST });
  expect(said(after)).toContain('KILL');
});

test('the end of an order that nobody waits for any more is no news', () => {
  const { at } = deploying();
  expect(at(1, { kind: 'order', id: 'of an earlier life' })).toMatchObject({ calls: [], orders: [], notes: [] });
});

describe('an uninstall', () => {
  /** Of a service whose tasks are gone already. */
  function leaving(change: Partial<Settings> = {}, spec = shop) {
    const booted = boot({}, { ok: true, spec, plans: [] }, settings, 0, countingIds());
    if (!booted.ok) throw new Error(booted.errors.join());
    const stored = { frameworkId: 'framework', service: booted.state.services.get('shop')! };
    return schedulerOf(bootUninstall(stored, 'shop', { ...settings, ...change }, 0, countingIds()).state);
  }
  const phases = ({ service, state }: ReturnType<typeof leaving>) =>
    plansOf(service, state.session, 0).flatMap((plan) => plan.phases.map(({ name, status }) => `${name} ${status}`));
  const REMOVAL = 'tls-cleanup shop';

  test('removes certificates before it leaves Mesos, and says so in its plan', () => {
    const scheduler = leaving();
    expect(phases(scheduler)).toEqual(['kill-tasks COMPLETE', 'tls-cleanup PENDING', 'deregister-service PENDING']);
    expect([...scheduler.state.session.orders.keys()]).toEqual([REMOVAL]);
    scheduler.at(1, { kind: 'order', id: REMOVAL, reason: 'sealed' });
    expect(scheduler.why('')?.why).toBe('waits for removal of certificates: sealed');
    expect(ordered(scheduler.at(1001, { kind: 'tick' }))).toEqual([REMOVAL]);
    expect(said(scheduler.at(2000, { kind: 'order', id: REMOVAL }))).toEqual(['TEARDOWN']);
    expect(phases(scheduler)).toEqual(['kill-tasks COMPLETE', 'tls-cleanup COMPLETE', 'deregister-service STARTED']);
  });

  test('gives up after a while, and says what it leaves', () => {
    const { at } = leaving({ uninstallPatienceMs: 5000 });
    at(1, { kind: 'order', id: REMOVAL, reason: 'sealed' });
    const last = at(5000, { kind: 'tick' });
    expect(said(last)).toEqual(['TEARDOWN']);
    const left = { message: 'certificates are left in the secret store', keys: { namespace: 'shop' } };
    expect(last.notes).toMatchObject([left, {}]);
  });

  test('without a service account it says at once what it leaves', () => {
    const { state } = leaving({ hasServiceAccount: false });
    expect(state.session.tearingDown).toBe(true);
  });

  test('of a service without certificates asks nobody', () => {
    const scheduler = leaving({}, service(pod('web')));
    expect([scheduler.state.session.tearingDown, phases(scheduler)]).toEqual([
      true,
      ['kill-tasks COMPLETE', 'deregister-service STARTED'],
    ]);
  });
});
