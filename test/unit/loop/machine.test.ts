/** The loop's machine and its connection to the master, in virtual time: watchdog, new attempts, queues that stay bounded, the end. */
import { expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { defaultSettings } from '../../../runtime/core/state.ts';
import type { MesosEvent } from '../../../runtime/kit/mesos-call.ts';
import { createMachine, type Input, type Output } from '../../../runtime/loop/machine.ts';
import { countingIds } from '../../simulation/ids.ts';
import { pod, service, task } from '../core/service.ts';

const subscribed: MesosEvent = {
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 },
};
const heartbeat: MesosEvent = { type: 'HEARTBEAT' };
const error = (message: string): MesosEvent => ({ type: 'ERROR', error: { message } });
const status = (n: number): MesosEvent => ({
  type: 'UPDATE',
  update: { status: { task_id: { value: `shop__web-0-server__${n}` }, state: 'TASK_RUNNING', uuid: 'AAAA' } },
});

/** A machine of one service, with a clock that is set by hand. Commits wait until the test says that they are durable. */
function machineAt(now: number, tasks = [task('server')]) {
  const settings = { ...defaultSettings, hasServiceAccount: true };
  const spec = service(pod('web', { tasks }));
  const booted = boot({}, { ok: true, spec, plans: [] }, settings, now, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  const machine = createMachine({ state: booted.state, newId: countingIds(), random: () => 0 }, now);
  let attempt = 0;
  const take = (input: Input) => {
    const outputs = machine.take(input, now);
    for (const output of outputs) if (output.kind === 'connect') attempt = output.subscription;
    return outputs;
  };
  return {
    machine,
    take,
    at(ms: number) {
      now = ms;
      return take({ kind: 'tick' });
    },
    hear: (event: MesosEvent) => take({ kind: 'connection', subscription: attempt, event: { kind: 'event', event } }),
    lose: (reason: string) => take({ kind: 'connection', subscription: attempt, event: { kind: 'closed', reason } }),
  };
}

const kinds = (outputs: readonly Output[]) => outputs.map(({ kind }) => kind);
const notes = (outputs: readonly Output[]) =>
  outputs.flatMap((output) => (output.kind === 'note' ? [output.note] : []));

/** Subscribed at 0, with what that wrote durable. */
function subscribedMachine() {
  const it = machineAt(0);
  it.at(0);
  it.hear(subscribed);
  it.take({ kind: 'committed' });
  return it;
}

test('a master that is silent for five heartbeats is left, and asked anew after a pause', () => {
  const it = subscribedMachine();
  expect(kinds(it.at(74_999))).not.toContain('disconnect');
  it.hear(heartbeat);
  expect(kinds(it.at(75_000))).not.toContain('disconnect');
  const outputs = it.at(74_999 + 75_000);
  expect(kinds(outputs)).toContain('disconnect');
  expect(notes(outputs)).toContainEqual({
    level: 'warn',
    message: 'not connected to the master',
    keys: { reason: 'no heartbeat from the master', retryInMs: 125 },
  });
  expect(it.at(74_999 + 75_000 + 125)).toContainEqual(expect.objectContaining({ kind: 'connect', subscription: 2 }));
});

test('a SUBSCRIBE that nobody answers is given up after 30 s', () => {
  const it = machineAt(0);
  expect(kinds(it.at(0))).toEqual(['connect']);
  expect(kinds(it.at(29_999))).toEqual([]);
  expect(notes(it.at(30_000))[0]?.keys['reason']).toBe('no master answered SUBSCRIBE in time');
});

test('why a connection ended is told with the time of the next attempt', () => {
  const it = subscribedMachine();
  expect(notes(it.lose('http://m:5050 closed the event stream'))).toEqual([
    {
      level: 'warn',
      message: 'not connected to the master',
      keys: { reason: 'http://m:5050 closed the event stream', retryInMs: 125 },
    },
  ]);
});

test('what an old connection still says is dropped', () => {
  const it = subscribedMachine();
  it.lose('broken');
  expect(it.take({ kind: 'connection', subscription: 1, event: { kind: 'event', event: error('late') } })).toEqual([]);
});

test('a master that names no heartbeat has that of Mesos', () => {
  const it = machineAt(0);
  it.at(0);
  it.hear({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } });
  expect(kinds(it.at(74_999))).not.toContain('disconnect');
  expect(kinds(it.at(75_000))).toContain('disconnect');
});

test('a store that does not keep up ends the stream before memory does; what was asked by people stays', () => {
  const it = machineAt(0);
  it.at(0);
  expect(kinds(it.hear(subscribed)), 'a commit that never becomes durable').toContain('commit');
  it.take({ kind: 'command', id: 7, command: { kind: 'plan-interrupt', service: 'shop', plan: 'nothing' } });
  const ends: Output[] = [];
  for (let n = 0; n <= 50_000 && ends.length === 0; n++) ends.push(...it.hear(status(n)));
  expect(kinds(ends)).toEqual(['disconnect', 'note']);
  expect(notes(ends)[0]?.keys['reason']).toBe('50001 events of Mesos wait for the store');
  it.at(125);
  expect(kinds(it.hear(subscribed)), 'the next stream finds room').not.toContain('disconnect');
  const after = it.take({ kind: 'committed' });
  expect(after).toContainEqual(expect.objectContaining({ kind: 'reply', id: 7 }));
  const said = after.flatMap((output) => (output.kind === 'send' ? [output.call.type] : []));
  expect(said, 'nothing of the old stream is acknowledged').not.toContain('ACKNOWLEDGE');
});

test('an ERROR ends the process with code 6 and the words of Mesos', () => {
  const outputs = subscribedMachine().hear(error('Framework failed over'));
  expect(outputs).toEqual([{ kind: 'exit', code: 6, message: 'Mesos refused this framework: Framework failed over' }]);
});

test('a removed framework is told the way out', () => {
  const [output] = subscribedMachine().hear(error('Framework has been removed'));
  expect(output).toMatchObject({ kind: 'exit', code: 6, message: expect.stringContaining('docs/production.md') });
});

test('orders are placed once the frame is durable, and their ends are taken in like any event, without a master too', () => {
  const it = machineAt(0, [task('server', { transportEncryption: [{ name: 'node', type: 'TLS' }] })]);
  it.at(0);
  expect(kinds(it.hear(subscribed))).toEqual(['commit']);
  const [order] = it.take({ kind: 'committed' }).flatMap((output) => (output.kind === 'order' ? [output.order] : []));
  expect(order).toMatchObject({ kind: 'certificate', awaitedBy: 'web-0' });
  it.lose('gone');
  const told = notes(it.take({ kind: 'order', id: order?.id ?? '', reason: 'the authority is away' }));
  expect(told).toMatchObject([{ message: 'certificates failed', keys: { reason: 'the authority is away' } }]);
});
