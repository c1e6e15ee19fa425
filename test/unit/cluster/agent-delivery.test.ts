import { describe, expect, test } from 'vitest';
import type { AgentOutput } from '../../../runtime/cluster/agent-contract.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { bench, disk, executor, framework, kinds, running, runs, states, statuses, task } from './agent-bench.ts';

const reservations: Resource['reservations'] = [{ type: 'DYNAMIC', role: 'data-role', principal: 'p' }];
const reserved: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, reservations };
const volume: Resource = {
  ...reserved,
  disk: { persistence: { id: 'volume-1', principal: 'p' }, volume: { container_path: 'data', mode: 'RW' } },
};

function registered() {
  const agent = bench();
  agent.start();
  agent.registered();
  return agent;
}

function apply(agent: ReturnType<typeof bench>, operation: OfferOperation, now = 0): AgentOutput[] {
  return agent.master({ kind: 'apply', frameworkId: 'fw', operation }, now);
}

describe('a status', () => {
  test('is repeated after 10, 20, 40 s until acknowledged, and the newest state travels with it', () => {
    const agent = registered();
    const { container } = runs(agent.launch([task('t')]))[0]!;
    expect(states(agent.started(container, 100))).toEqual([]);
    expect(states(agent.exited(container, { code: 0 }, 200))).toEqual([]);
    const times: number[] = [];
    for (let at = agent.wakeAt()!; at <= 70_000; at = agent.wakeAt()!) {
      const [said] = agent.tick(at);
      expect(said).toMatchObject({
        message: { kind: 'status', status: { state: 'TASK_STARTING' }, latest: { state: 'TASK_FINISHED' } },
      });
      times.push(at);
    }
    expect(times).toEqual([10_000, 30_000, 70_000]);
  });

  test('makes room for the next one, whose repetition begins anew', () => {
    const agent = registered();
    const launched = agent.launch([task('t')]);
    agent.started(runs(launched)[0]!.container, 100);
    agent.tick(10_000);
    expect(states(agent.acknowledge(statuses(launched)[0], 12_000))).toEqual(['t TASK_RUNNING']);
    expect(agent.wakeAt()).toBe(22_000);
  });

  test('is not acknowledged by another uuid, nor twice', () => {
    const agent = registered();
    const [starting] = statuses(agent.launch([task('t')]));
    expect(agent.acknowledge({ ...starting!, uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' })).toEqual([]);
    expect(kinds(agent.acknowledge(starting))).toEqual(['save']);
    expect(agent.acknowledge(starting)).toEqual([]);
  });

  test('is in the checkpoint before it is said', () => {
    const agent = registered();
    const [save, said] = agent.launch([task('t')]);
    expect(save?.kind === 'save' && save.saved()).toMatchObject({
      tasks: [{ unacknowledged: [{ state: 'TASK_STARTING' }] }],
    });
    expect(said).toMatchObject({ message: { kind: 'status' } });
  });
});

describe('an operation', () => {
  test('changes what the agent holds, makes it durable, and is told until acknowledged', () => {
    const agent = registered();
    const outputs = apply(agent, { type: 'RESERVE', id: { value: 'r' }, reserve: { resources: [reserved] } });
    expect(kinds(outputs)).toEqual(['save', 'operation']);
    expect(agent.checkpoint().resources).toEqual([{ ...disk, scalar: { value: 900 } }, reserved]);
    const { message } = outputs[1] as Extract<AgentOutput, { kind: 'master' }>;
    expect(message).toEqual({
      kind: 'operation',
      frameworkId: 'fw',
      status: {
        operation_id: { value: 'r' },
        state: 'OPERATION_FINISHED',
        uuid: { value: expect.any(String) },
        agent_id: { value: 'S0' },
      },
    });
    expect(kinds(agent.tick(10_000))).toEqual(['operation']);
    expect(agent.wakeAt()).toBe(30_000);
    const { uuid } = agent.checkpoint().operations[0]!.status;
    agent.master({ kind: 'acknowledge-operation', frameworkId: 'fw', operationId: 'r', uuid: uuid!.value });
    expect(agent.checkpoint().operations).toEqual([]);
    expect(agent.wakeAt()).toBeUndefined();
  });

  test('without id is done in silence', () => {
    const agent = registered();
    expect(kinds(apply(agent, { type: 'RESERVE', reserve: { resources: [reserved] } }))).toEqual(['save']);
  });

  test('that asks for what is not there fails and changes nothing', () => {
    const agent = registered();
    const outputs = apply(agent, { type: 'DESTROY', id: { value: 'd' }, destroy: { volumes: [volume] } });
    expect(outputs).toMatchObject([{ kind: 'save' }, { message: { status: { state: 'OPERATION_FAILED' } } }]);
    expect(agent.checkpoint().resources).toEqual([disk]);
  });

  test('makes a volume once the checkpoint has it, and unmakes it with its files', () => {
    const agent = registered();
    apply(agent, { type: 'RESERVE', reserve: { resources: [reserved] } });
    const path = '/agent-1/volumes/roles/data-role/volume-1';
    const [created, made] = apply(agent, { type: 'CREATE', create: { volumes: [volume] } });
    expect(created?.kind === 'save' && created.saved().resources).toContainEqual(volume);
    expect(made).toEqual({ kind: 'make-volume', path });
    const elsewhere = { ...volume, disk: { ...volume.disk, volume: { container_path: 'other' } } };
    const [destroyed, removed] = apply(agent, { type: 'DESTROY', destroy: { volumes: [elsewhere] } });
    expect(destroyed?.kind === 'save' && destroyed.saved().resources).not.toContainEqual(volume);
    expect(removed).toEqual({ kind: 'remove-volume', path });
    apply(agent, { type: 'UNRESERVE', unreserve: { resources: [reserved] } });
    expect(agent.checkpoint().resources).toEqual([disk]);
  });

  test.each(['../../etc', 'a/b', '..', ''])('cannot name a volume %j', (id) => {
    const agent = registered();
    apply(agent, { type: 'RESERVE', reserve: { resources: [reserved] } });
    const bad = { ...volume, disk: { ...volume.disk, persistence: { id } } };
    const outputs = apply(agent, { type: 'CREATE', id: { value: 'c' }, create: { volumes: [bad] } });
    expect(outputs).toMatchObject([{ kind: 'save' }, { message: { status: { state: 'OPERATION_FAILED' } } }]);
  });
});

describe('after a power cut the agent', () => {
  test('is the same agent with the same reservations, volumes and unacknowledged statuses', () => {
    const before = registered();
    apply(before, { type: 'RESERVE', id: { value: 'r' }, reserve: { resources: [reserved] } });
    apply(before, { type: 'CREATE', create: { volumes: [volume] } });
    before.exited(runs(before.launch([task('t')]))[0]!.container, { code: 0 });
    const after = bench(before.checkpoint());
    expect(after.start()).toMatchObject([
      {
        message: {
          kind: 'register',
          agent: { id: 'S0', hostname: 'agent-1' },
          checkpointed: [{ name: 'disk', scalar: { value: 900 } }, volume],
          tasks: [{ frameworkId: 'fw', executor, status: { state: 'TASK_FINISHED' } }],
          frameworks: [framework],
          operations: [{ frameworkId: 'fw', status: { operation_id: { value: 'r' } } }],
        },
      },
    ]);
    expect(kinds(after.registered())).toEqual(['status', 'operation']);
  });

  test('has lost its tasks: TASK_FAILED with uuid, after what was still to be said, and their executors', () => {
    const { bench: before } = running(task('t'));
    const after = bench(before.checkpoint());
    expect(kinds(after.start())).toEqual(['save', 'register']);
    const outputs = after.registered();
    expect(kinds(outputs)).toEqual(['status', 'executor-ended']);
    expect(statuses(outputs)).toMatchObject([
      {
        state: 'TASK_FAILED',
        source: 'SOURCE_AGENT',
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: expect.stringContaining('restarted'),
        uuid: expect.any(String),
      },
    ]);
    expect(outputs.at(-1)).toMatchObject({ message: { executorId: 'executor', status: 9 } });
  });

  test('fails a lost task once, however often it restarts', () => {
    const { bench: before } = running(task('t'));
    const second = bench(before.checkpoint());
    second.start();
    const third = bench(second.checkpoint());
    expect(kinds(third.start())).toEqual(['register']);
    expect(third.checkpoint().tasks[0]!.unacknowledged).toHaveLength(1);
  });
});

describe('a removed framework', () => {
  test('is told nothing more; its tasks are ended and forgotten, its reservations stay', () => {
    const agent = registered();
    apply(agent, { type: 'RESERVE', id: { value: 'r' }, reserve: { resources: [reserved] } });
    const { container } = runs(agent.launch([task('t')]))[0]!;
    agent.started(container);
    const outputs = agent.master({ kind: 'shutdown-framework', frameworkId: 'fw' });
    expect(kinds(outputs)).toEqual(['save', 'signal']);
    expect(agent.checkpoint()).toMatchObject({ tasks: [], frameworks: [], operations: [] });
    expect(kinds(agent.exited(container, { signal: 'SIGTERM' }))).toEqual(['save', 'executor-ended']);
    expect(agent.checkpoint().resources).toContainEqual(reserved);
    expect(agent.wakeAt()).toBeUndefined();
  });
});
