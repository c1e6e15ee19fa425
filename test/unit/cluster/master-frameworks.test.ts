/** How frameworks come, fail over and go, as the recordings 13, 16 and 17a of a real master show it. */
import { describe, expect, test } from 'vitest';
import type { MasterRegistry } from '../../../runtime/cluster/master.ts';
import type { FrameworkInfo } from '../../../runtime/kit/mesos-call.ts';
import { answersIn, createRig, executorOf, info, launchOf, offersIn, ordersTo, statusesIn } from './master-rig.ts';

const types = (events: readonly { type: string }[]) => events.map((event) => event.type);

describe('SUBSCRIBE', () => {
  test('opens a stream: SUBSCRIBED, a heartbeat at once, then offers', () => {
    const rig = createRig();
    rig.register(1);
    const web = rig.subscribe();
    expect(types(web.heard(web.outputs))).toEqual(['SUBSCRIBED', 'HEARTBEAT', 'OFFERS']);
    expect(web.frameworkId).toBe('M-0000');
  });

  test('heartbeats follow every 15 s', () => {
    const rig = createRig();
    const web = rig.subscribe();
    expect(types(web.heard(rig.pass(14_999)))).toEqual([]);
    expect(types(web.heard(rig.pass(1)))).toEqual(['HEARTBEAT']);
    expect(types(web.heard(rig.pass(30_000)))).toEqual(['HEARTBEAT', 'HEARTBEAT']);
  });

  test.each<[string, Partial<FrameworkInfo>, string]>([
    [
      'roles without MULTI_ROLE',
      { capabilities: [] },
      "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable",
    ],
    [
      'role with MULTI_ROLE',
      { role: 'x' },
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    ],
    [
      'a role that begins with a slash',
      { roles: ['/x'] },
      "'FrameworkInfo.roles' contains invalid role: Role '/x' cannot start with a slash",
    ],
    [
      'a role that ends with a slash',
      { roles: ['a/'] },
      "'FrameworkInfo.roles' contains invalid role: Role 'a/' cannot end with a slash",
    ],
    [
      'an empty part of a role',
      { roles: ['a//b'] },
      "'FrameworkInfo.roles' contains invalid role: Role 'a//b' cannot contain two adjacent slashes",
    ],
    [
      'a dot for a role',
      { roles: ['.'] },
      "'FrameworkInfo.roles' contains invalid role: Role '.' cannot include '.' as a component",
    ],
    [
      'a dash in front',
      { roles: ['-x'] },
      "'FrameworkInfo.roles' contains invalid role: Role component '-x' is invalid because it starts with a dash",
    ],
    [
      'a blank in a role',
      { roles: ['a b'] },
      "'FrameworkInfo.roles' contains invalid role: Role component 'a b' is invalid because it contains backspace or whitespace",
    ],
    ['a role twice', { roles: ['a', 'a'] }, "'FrameworkInfo.roles' contains duplicate items: { a }"],
    ['an endless failover timeout', { failover_timeout: 1e20 }, 'The framework failover_timeout (1e+20) is invalid'],
  ])('%s is one ERROR on a stream that then closes', (_, change, message) => {
    const { outputs } = createRig().subscribe({ ...info, ...change });
    expect(outputs).toEqual([
      { kind: 'answer', connection: 1, status: 200, streamId: 'stream-1' },
      { kind: 'event', connection: 1, event: { type: 'ERROR', error: { message } } },
      { kind: 'close', connection: 1 },
    ]);
  });

  test('an id that the master never saw is taken as it is', () => {
    expect(createRig().subscribe(info, 'from-elsewhere').frameworkId).toBe('from-elsewhere');
  });

  test('suppressed roles get no offers until they are revived', () => {
    const rig = createRig();
    rig.register(1);
    const call = { type: 'SUBSCRIBE' as const, subscribe: { framework_info: info, suppressed_roles: ['web-role'] } };
    rig.take({ kind: 'call', connection: 50, call });
    expect(rig.pass(5000).filter((output) => output.kind === 'event')).toEqual([]);
    const revive = { type: 'REVIVE' as const, framework_id: { value: 'M-0000' } };
    const outputs = rig.take({ kind: 'call', connection: 51, streamId: 'stream-0', call: revive });
    expect(outputs.map((output) => output.kind)).toEqual(['answer', 'event']);
  });
});

describe('calls at the door', () => {
  test('are refused without a subscription, with an old stream id, or without one', () => {
    const rig = createRig();
    const old = rig.subscribe();
    const call = { type: 'REVIVE' as const, framework_id: { value: 'M-0000' } };
    const revive = (streamId?: string) =>
      answersIn(rig.take({ kind: 'call', connection: 90, ...(streamId !== undefined && { streamId }), call }));

    expect(revive()).toEqual([
      { status: 400, body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header" },
    ]);
    rig.subscribe(info, old.frameworkId);
    expect(answersIn(old.call({ type: 'SUPPRESS' }))).toEqual([
      {
        status: 400,
        body: "The stream ID 'stream-1' included in this request didn't match the stream ID currently associated with framework ID M-0000",
      },
    ]);
    const rigWithoutStream = createRig();
    const gone = rigWithoutStream.subscribe();
    gone.disconnect();
    expect(answersIn(gone.call({ type: 'REVIVE' }))).toEqual([{ status: 403, body: 'Framework is not subscribed' }]);
  });

  test.each([
    ['a type we do not have', { type: 'REQUEST' }, 'Calls of type REQUEST are not supported by this master'],
    [
      'the type that aborts a real master',
      { type: 'UNKNOWN' },
      'Calls of type UNKNOWN are not supported by this master',
    ],
    ['no type', {}, "Failed to validate scheduler::Call: Expecting 'type' to be present"],
    ['no body', { type: 'ACCEPT' }, "Failed to validate scheduler::Call: Expecting 'accept' to be present"],
    [
      'a uuid that is none',
      { type: 'ACKNOWLEDGE', acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: 'AAAA' } },
      'Failed to validate scheduler::Call: Not a valid UUID',
    ],
  ])('%s is a 400', (_, body, text) => {
    const web = createRig().subscribe();
    expect(answersIn(web.call(body as never))).toEqual([{ status: 400, body: text }]);
  });
});

describe('failover', () => {
  test('the old stream hears why and closes; the offers of a live stream wait for the next batch', () => {
    const rig = createRig();
    rig.register(1);
    const old = rig.subscribe();
    const young = rig.subscribe(info, old.frameworkId);
    expect(types(old.heard(young.outputs))).toEqual(['ERROR']);
    expect(young.outputs).toContainEqual({ kind: 'close', connection: old.connection });
    expect(types(young.heard(young.outputs))).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(types(young.heard(rig.pass(1000)))).toEqual(['OFFERS']);
  });

  test('after a cut the offers come at once, and the old ones are dead', () => {
    const rig = createRig();
    rig.register(1);
    const old = rig.subscribe();
    const [offer] = offersIn(old.heard(old.outputs));
    old.disconnect();
    const young = rig.subscribe(info, old.frameworkId);
    expect(types(young.heard(young.outputs))).toEqual(['SUBSCRIBED', 'HEARTBEAT', 'OFFERS']);
    const statuses = statusesIn(young.heard(young.accept([offer!], [launchOf(offer!, 't')])));
    expect(statuses).toMatchObject([
      {
        state: 'TASK_DROPPED',
        reason: 'REASON_INVALID_OFFERS',
        message: 'Task launched with invalid offers: Offer M-O0 is no longer valid',
      },
    ]);
  });

  test('a status that nobody acknowledged is said again, also one that came while the scheduler was away', () => {
    const rig = createRig();
    rig.register(1);
    const old = rig.subscribe();
    const [offer] = offersIn(old.heard(old.outputs));
    old.accept([offer!], [launchOf(offer!, 't')]);
    old.disconnect();
    rig.status(1, old.frameworkId, 't', 'TASK_RUNNING');
    const young = rig.subscribe(info, old.frameworkId);
    const [status] = statusesIn(young.heard(young.outputs));
    expect(status).toMatchObject({ state: 'TASK_RUNNING', task_id: { value: 't' } });
    young.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: offer!.agent_id, task_id: { value: 't' }, uuid: status!.uuid! },
    });
    const third = rig.subscribe(info, old.frameworkId);
    expect(statusesIn(third.heard(third.outputs))).toEqual([]);
  });

  test('may change the roles, whose offers are rescinded, but not the principal', () => {
    const rig = createRig();
    rig.register(1);
    const old = rig.subscribe();
    const moved = rig.subscribe({ ...info, roles: ['other'] }, old.frameworkId);
    expect(types(old.heard(moved.outputs))).toEqual(['RESCIND', 'ERROR']);
    expect(offersIn(moved.heard(rig.pass(1000)))).toMatchObject([{ allocation_info: { role: 'other' } }]);
    const foreign = rig.subscribe({ ...info, principal: 'someone-else' }, old.frameworkId);
    const message = "Changing framework's principal is not allowed.";
    expect(foreign.heard(foreign.outputs)).toEqual([{ type: 'ERROR', error: { message } }]);
  });
});

describe('the end of a framework', () => {
  const removed = [{ type: 'ERROR', error: { message: 'Framework has been removed' } }];

  test('comes with the failover timeout, not before', () => {
    const rig = createRig();
    const web = rig.subscribe();
    web.disconnect();
    rig.pass(59_999);
    const back = rig.subscribe(info, web.frameworkId);
    expect(types(back.heard(back.outputs))).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    back.disconnect();
    rig.pass(60_000);
    const late = rig.subscribe(info, web.frameworkId);
    expect(late.heard(late.outputs)).toEqual(removed);
  });

  test('comes at the disconnection when there is no timeout', () => {
    const rig = createRig();
    const web = rig.subscribe({ ...info, failover_timeout: 0 });
    web.disconnect();
    const late = rig.subscribe(info, web.frameworkId);
    expect(late.heard(late.outputs)).toEqual(removed);
  });

  test('TEARDOWN ends executors, frees what they held, keeps reservations out of it, and closes the stream in silence', () => {
    const rig = createRig();
    rig.register(1);
    const web = rig.subscribe();
    const [offer] = offersIn(web.heard(web.outputs));
    web.accept([offer!], [launchOf(offer!, 't')]);
    const outputs = web.call({ type: 'TEARDOWN' });
    expect(web.heard(outputs)).toEqual([]);
    expect(outputs).toContainEqual({ kind: 'close', connection: web.connection });
    expect(ordersTo(outputs, 1)).toEqual([{ kind: 'shutdown-framework', frameworkId: web.frameworkId }]);
    const next = rig.subscribe();
    expect(offersIn(next.heard(next.outputs))[0]?.resources).toContainEqual(
      expect.objectContaining({ name: 'cpus', scalar: { value: 4 } }),
    );
    expect(answersIn(web.call({ type: 'REVIVE' }))).toEqual([{ status: 400, body: 'Framework cannot be found' }]);
  });

  test('is remembered over a restart of the master, and told to agents that come back with its tasks', () => {
    const rig = createRig();
    rig.register(1);
    const web = rig.subscribe();
    web.call({ type: 'TEARDOWN' });
    const saves = rig.said.filter((output) => output.kind === 'save');
    const registry: MasterRegistry = saves.at(-1)!.registry;
    const restarted = createRig({ registry });
    const late = restarted.subscribe(info, web.frameworkId);
    expect(late.heard(late.outputs)).toEqual(removed);
    const status = restarted.statusOf('t', 'TASK_RUNNING');
    const task = {
      frameworkId: web.frameworkId,
      info: { name: 't', task_id: { value: 't' }, agent_id: { value: 'M-S0' }, resources: [] },
      executor: executorOf(web.frameworkId, 'e'),
      status,
    };
    const outputs = restarted.register(1, { tasks: [task], frameworks: [{ ...info, id: { value: web.frameworkId } }] });
    expect(ordersTo(outputs, 1)).toContainEqual({ kind: 'shutdown-framework', frameworkId: web.frameworkId });
    expect(restarted.subscribe().frameworkId).toBe('M-0001');
  });
});
