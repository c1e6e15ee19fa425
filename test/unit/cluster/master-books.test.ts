/** The master's books balance: whatever happens, each agent's resources are used, offered or free, and none is lost or doubled. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Offer, Resource } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import {
  answersIn,
  createRig,
  executorOf,
  launchOf,
  MACHINE,
  offersIn,
  operationsIn,
  ordersTo,
  reserved,
  scalar,
  statusesIn,
  taskOf,
  volume,
} from './master-rig.ts';

type Numbers = Record<string, number | string>;

interface SlaveView {
  resources: Numbers;
  used_resources: Numbers;
  offered_resources: Numbers;
}

function sumOf(resources: readonly Resource[] = [], name: string): number {
  return resources.filter((resource) => resource.name === name).reduce((sum, r) => sum + (r.scalar?.value ?? 0), 0);
}

/** Thousandths of cpus: fewer than 10 alone are not worth an offer to Mesos. */
const milli = fc.integer({ min: 10, max: 3000 });

/** What a random scheduler may do next. */
const step = fc.oneof(
  fc.record({ do: fc.constant('reserve' as const), milli }),
  fc.record({ do: fc.constant('unreserve' as const) }),
  fc.record({ do: fc.constant('create' as const), mb: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ do: fc.constant('destroy' as const) }),
  fc.record({ do: fc.constant('launch' as const), milli }),
  fc.record({ do: fc.constant('end' as const) }),
  fc.record({ do: fc.constant('end executor' as const) }),
  fc.record({ do: fc.constant('decline' as const), seconds: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant('revive' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ do: fc.constant('cut' as const) }),
);

test('what is offered, used and free always add up to the machine', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rig = createRig();
      rig.register(1);
      let web = rig.subscribe();
      const standing = new Map<string, Offer>();
      let ids = 0;
      const listen = () => {
        for (const event of web.heard(rig.said.splice(0))) {
          for (const offer of offersIn([event])) standing.set(offer.id.value, offer);
          if (event.type === 'RESCIND') standing.delete(event.rescind.offer_id.value);
        }
      };
      const accept = (operation: (offer: Offer) => OfferOperation | undefined) => {
        for (const offer of standing.values()) {
          const made = operation(offer);
          if (!made) continue;
          standing.delete(offer.id.value);
          web.accept([offer], [made]);
          return;
        }
      };
      const find = (offer: Offer, wanted: (resource: Resource) => boolean) => offer.resources?.find(wanted);
      const running: string[] = [];
      const over: string[] = [];
      listen();
      for (const each of steps) {
        if (each.do === 'reserve') {
          const resources = [reserved(scalar('cpus', each.milli / 1000), `r${ids++}`)];
          accept(() => ({ type: 'RESERVE', reserve: { resources } }));
        }
        if (each.do === 'unreserve') {
          accept((offer) => {
            const resource = find(offer, (r) => r.reservations !== undefined && r.disk === undefined);
            return resource && { type: 'UNRESERVE', unreserve: { resources: [resource] } };
          });
        }
        if (each.do === 'create') {
          const disk = reserved(scalar('disk', each.mb), `d${ids}`);
          const [offer] = standing.values();
          if (offer) {
            standing.delete(offer.id.value);
            web.accept(
              [offer],
              [
                { type: 'RESERVE', reserve: { resources: [disk] } },
                { type: 'CREATE', create: { volumes: [volume(disk, `v${ids++}`)] } },
              ],
            );
          }
        }
        if (each.do === 'destroy') {
          accept((offer) => {
            const found = find(offer, (r) => r.disk?.persistence !== undefined);
            return found && { type: 'DESTROY', destroy: { volumes: [found] } };
          });
        }
        if (each.do === 'launch') {
          const id = `t${ids++}`;
          running.push(id);
          accept((offer) => launchOf(offer, id, [scalar('cpus', each.milli / 1000)]));
        }
        if (each.do === 'end') {
          const id = running.shift();
          if (id !== undefined) {
            rig.status(1, web.frameworkId, id, 'TASK_FINISHED');
            over.push(id);
          }
        }
        if (each.do === 'end executor') {
          const id = over.shift();
          if (id !== undefined) {
            const ended = {
              kind: 'executor-ended' as const,
              frameworkId: web.frameworkId,
              executorId: `${id}-executor`,
              status: 0,
            };
            rig.take({ kind: 'agent', agent: 1, message: ended });
          }
        }
        if (each.do === 'decline') {
          const offer_ids = [...standing.values()].map((offer) => offer.id);
          standing.clear();
          web.call({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: each.seconds } } });
        }
        if (each.do === 'revive') web.call({ type: 'REVIVE' });
        if (each.do === 'wait') rig.pass(each.ms);
        if (each.do === 'cut') {
          web.disconnect();
          standing.clear();
          rig.said.length = 0;
          web = rig.subscribe(undefined, web.frameworkId);
        }
        listen();

        const [slave] = rig.master.slaves(rig.now())['slaves'] as SlaveView[];
        for (const name of ['cpus', 'mem', 'disk']) {
          const whole = sumOf(MACHINE, name);
          expect(slave?.resources[name]).toBeCloseTo(whole, 3);
          const held = Number(slave?.used_resources[name]) + Number(slave?.offered_resources[name]);
          expect(held).toBeLessThanOrEqual(whole + 1e-9);
          const offered = [...standing.values()].reduce((sum, offer) => sum + sumOf(offer.resources, name), 0);
          expect(slave?.offered_resources[name]).toBeCloseTo(offered, 3);
        }
      }
      // Left alone, all that is not used is offered, though no batch looks at everything: nothing leaks.
      rig.pass(10_000);
      const [slave] = rig.master.slaves(rig.now())['slaves'] as SlaveView[];
      for (const name of ['cpus', 'mem']) {
        const free = sumOf(MACHINE, name) - Number(slave?.used_resources[name]);
        expect(slave?.offered_resources[name]).toBeCloseTo(free, 3);
      }
    }),
    { numRuns: 300 },
  );
});

describe('ACCEPT', () => {
  function standingOffer() {
    const rig = createRig();
    rig.register(1);
    const web = rig.subscribe();
    return { rig, web, offer: offersIn(web.heard(web.outputs))[0]! };
  }

  test('a footprint in one go: RESERVE, CREATE and LAUNCH_GROUP reach the agent in this order', () => {
    const { web, offer } = standingOffer();
    const disk = reserved(scalar('disk', 100), 'd');
    const cpus = reserved(scalar('cpus', 1), 'c');
    const outputs = web.accept(
      [offer],
      [
        { type: 'RESERVE', reserve: { resources: [cpus, disk] } },
        { type: 'CREATE', create: { volumes: [volume(disk, 'v')] } },
        launchOf(offer, 't', [cpus, volume(disk, 'v')]),
      ],
    );
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['apply', 'apply', 'launch']);
  });

  test('a replacement in its old place: DESTROY, UNRESERVE, RESERVE, CREATE, LAUNCH_GROUP in one ACCEPT', () => {
    const { rig, web, offer } = standingOffer();
    const old = reserved(scalar('disk', 9_900), 'old');
    web.accept(
      [offer],
      [
        { type: 'RESERVE', reserve: { resources: [old] } },
        { type: 'CREATE', create: { volumes: [volume(old, 'v-old')] } },
      ],
    );
    const again = offersIn(web.heard(rig.pass(1000)))[0]!;
    const young = reserved(scalar('disk', 9_900), 'young');
    const outputs = web.accept(
      [again],
      [
        { type: 'DESTROY', destroy: { volumes: [volume(old, 'v-old')] } },
        { type: 'UNRESERVE', unreserve: { resources: [old] } },
        { type: 'RESERVE', reserve: { resources: [young] } },
        { type: 'CREATE', create: { volumes: [volume(young, 'v-young')] } },
        launchOf(again, 't', [scalar('cpus', 1), volume(young, 'v-young')]),
      ],
    );
    expect(web.heard(outputs)).toEqual([]);
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['apply', 'apply', 'apply', 'apply', 'launch']);
  });

  test('a second group under a running executor needs no room for the executor', () => {
    const { rig, web, offer } = standingOffer();
    const executor = executorOf(web.frameworkId, 'e');
    const group = (id: string, cpus: number): OfferOperation => ({
      type: 'LAUNCH_GROUP',
      launch_group: { executor, task_group: { tasks: [taskOf(offer, id, [scalar('cpus', cpus)])] } },
    });
    web.accept([offer], [group('a', 1)]);
    const rest = offersIn(web.heard(rig.pass(1000)))[0]!;
    expect(rest.executor_ids).toEqual([{ value: 'e' }]);
    const outputs = web.accept([rest], [group('b', 2.9)]);
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['launch']);
  });

  test('operations share the offer: a second group cannot have what the first and its executor took', () => {
    const { web, offer } = standingOffer();
    const groups = [launchOf(offer, 'a', [scalar('cpus', 1)]), launchOf(offer, 'b', [scalar('cpus', 2.85)])];
    const outputs = web.accept([offer], groups);
    expect(statusesIn(web.heard(outputs))).toMatchObject([{ task_id: { value: 'b' }, state: 'TASK_ERROR' }]);
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['launch']);
  });

  test('another ExecutorInfo under the id of a running executor is refused', () => {
    const { rig, web, offer } = standingOffer();
    web.accept([offer], [launchOf(offer, 't')]);
    const rest = offersIn(web.heard(rig.pass(1000)))[0]!;
    const executor = { ...executorOf(web.frameworkId, 't-executor'), name: 'other' };
    const group: OfferOperation = {
      type: 'LAUNCH_GROUP',
      launch_group: { executor, task_group: { tasks: [taskOf(rest, 'u')] } },
    };
    expect(statusesIn(web.heard(web.accept([rest], [group])))).toMatchObject([
      {
        state: 'TASK_ERROR',
        message: 'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.',
      },
    ]);
  });

  test('a live task id is refused, and free again once the task is over and acknowledged', () => {
    const { rig, web, offer } = standingOffer();
    web.accept([offer], [launchOf(offer, 't')]);
    const rest = offersIn(web.heard(rig.pass(1000)))[0]!;
    expect(statusesIn(web.heard(web.accept([rest], [launchOf(rest, 't')])))).toMatchObject([
      { message: "Task 't' is invalid: Task has duplicate ID: t" },
    ]);
    const [status] = statusesIn(web.heard(rig.status(1, web.frameworkId, 't', 'TASK_FINISHED')));
    const uuid = status!.uuid!;
    web.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id: offer.agent_id, task_id: { value: 't' }, uuid } });
    const freed = offersIn(web.heard(rig.pass(1000)));
    const outputs = web.accept(freed, [launchOf(freed[0]!, 't')]);
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['launch']);
  });

  test('a volume in use is not destroyed', () => {
    const { rig, web, offer } = standingOffer();
    const disk = reserved(scalar('disk', 100), 'd');
    web.accept(
      [offer],
      [
        { type: 'RESERVE', reserve: { resources: [disk] } },
        { type: 'CREATE', create: { volumes: [volume(disk, 'v')] } },
        launchOf(offer, 't', [scalar('cpus', 1), volume(disk, 'v')]),
      ],
    );
    const rest = offersIn(web.heard(rig.pass(1000)))[0]!;
    const destroy: OfferOperation = { type: 'DESTROY', id: { value: 'd' }, destroy: { volumes: [volume(disk, 'v')] } };
    expect(web.heard(web.accept([rest], [destroy]))).toMatchObject([
      {
        update_operation_status: {
          status: { message: 'Persistent volumes in use; on agent M-S0 at slave(1)@127.0.0.1:5051 (host-1)' },
        },
      },
    ]);
  });

  test.each<[string, OfferOperation[]]>([
    ['a RESERVE of nothing', [{ type: 'RESERVE', reserve: { resources: [reserved(scalar('cpus', 0), 'x')] } }]],
    [
      'a task id twice in one group',
      [
        {
          type: 'LAUNCH_GROUP',
          launch_group: {
            executor: executorOf('M-0000', 'e'),
            task_group: {
              tasks: [0, 1].map(() => ({ name: 't', task_id: { value: 't' }, agent_id: { value: 'M-S0' } })),
            },
          },
        },
      ],
    ],
  ])('%s, which aborts a real master, is a 400 and leaves the offer alone', (_, operations) => {
    const { web, offer } = standingOffer();
    expect(answersIn(web.accept([offer], operations))).toMatchObject([{ status: 400 }]);
    const outputs = web.accept([offer], [launchOf(offer, 't')]);
    expect(ordersTo(outputs, 1).map((message) => message.kind)).toEqual(['launch']);
  });

  test('an operation of an unknown type, or without its body, passes in silence', () => {
    const { rig, web, offer } = standingOffer();
    const odd = [{ type: 'FROBNICATE', id: { value: 'x' } }, { type: 'RESERVE' }] as unknown as OfferOperation[];
    expect(web.heard(web.accept([offer], odd))).toEqual([]);
    expect(offersIn(web.heard(rig.pass(1000)))).toHaveLength(1);
  });
});

test('a resource of a type that resources cannot have is refused in words, reserved or launched on', () => {
  const rig = createRig();
  rig.register(1);
  const web = rig.subscribe();
  const [offer] = offersIn(web.heard(web.outputs));
  const text: Resource = { name: 'rack', type: 'TEXT' };
  const resources = [reserved(text, 'r')];
  const heard = web.heard(
    web.accept(
      [offer!],
      [
        { type: 'RESERVE', id: { value: 'reserve' }, reserve: { resources } },
        launchOf(offer!, 't', [scalar('cpus', 1), scalar('mem', 128), text]),
      ],
    ),
  );
  const told = [...operationsIn(heard), ...statusesIn(heard)].map(({ message }) => message);
  expect(told).toHaveLength(2);
  for (const message of told) expect(message).toContain('is invalid: Unsupported resource type');
});

test('KILL reaches the agent of the task, does nothing with the id of another, and is answered for unknown tasks', () => {
  const rig = createRig();
  rig.register(1);
  rig.register(2);
  const web = rig.subscribe();
  const [offer, other] = offersIn(web.heard(web.outputs));
  web.accept([offer!], [launchOf(offer!, 't')]);
  const kill = (id: string, agent_id?: { value: string }) =>
    web.call({ type: 'KILL', kill: { task_id: { value: id }, ...(agent_id && { agent_id }) } });
  const order = { kind: 'kill', frameworkId: web.frameworkId, taskId: 't' };
  expect(ordersTo(kill('t'), 1)).toEqual([order]);
  expect(ordersTo(kill('t', offer!.agent_id), 1)).toEqual([order]);
  expect(kill('t', other!.agent_id).map((output) => output.kind)).toEqual(['answer']);
  const states = (outputs: ReturnType<typeof kill>) => statusesIn(web.heard(outputs)).map((status) => status.state);
  expect(states(kill('never'))).toEqual(['TASK_UNKNOWN']);
  expect(states(kill('never', other!.agent_id))).toEqual(['TASK_GONE']);
});

test('an idle master asks to be woken for heartbeats only', () => {
  const rig = createRig();
  rig.register(1);
  rig.subscribe();
  rig.pass(1000);
  expect(rig.master.wakeAt()).toBe(rig.now() + 14_000);
});
