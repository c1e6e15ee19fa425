/**
 * Schedulers that break one rule each, on purpose: the product's own loop with a lie in what it hears, says or stores. A
 * simulator that finds nothing wrong with one of them checks nothing.
 */
import type { Write } from '../../runtime/core/effect.ts';
import type { Call, OfferOperation } from '../../runtime/kit/mesos-call.ts';
import type { Input, Machine, Output } from '../../runtime/loop/machine.ts';
import type { Tamper } from './history.ts';

export interface Mutant {
  /** The invariant that it breaks. */
  readonly rule: number;
  readonly name: string;
  readonly tamper: Tamper;
}

/** A machine whose inputs and outputs pass through here. */
function through(
  machine: Machine,
  how: {
    input?(input: Input): Input | undefined;
    output?(output: Output): readonly Output[];
    all?(all: Output[]): Output[];
  },
): Machine {
  return {
    ...machine,
    take(input, now) {
      const heard = how.input ? how.input(input) : input;
      const said = heard ? machine.take(heard, now) : [];
      const changed = how.output ? said.flatMap(how.output) : said;
      return how.all ? how.all(changed) : changed;
    },
  };
}

function withCalls(machine: Machine, change: (call: Call) => readonly Call[]): Machine {
  return through(machine, {
    output: (output) => (output.kind === 'send' ? change(output.call).map((call) => ({ ...output, call })) : [output]),
  });
}

function withWrites(machine: Machine, keep: (write: Write) => boolean): Machine {
  return through(machine, {
    output: (output) => (output.kind === 'commit' ? [{ ...output, writes: output.writes.filter(keep) }] : [output]),
  });
}

function withOperations(machine: Machine, change: (operation: OfferOperation) => OfferOperation | undefined): Machine {
  return withCalls(machine, (call) => {
    if (call.type !== 'ACCEPT') return [call];
    const operations = (call.accept.operations ?? []).map(change).filter((operation) => operation !== undefined);
    return [{ ...call, accept: { ...call.accept, operations } }];
  });
}

const without =
  (type: Call['type']): Tamper =>
  (machine) =>
    withCalls(machine, (call) => (call.type === type ? [] : [call]));

export const MUTANTS: readonly Mutant[] = [
  {
    rule: 1,
    name: 'takes a task that it killed for dead at once',
    tamper: (machine) =>
      through(machine, {
        output(output) {
          if (output.kind !== 'send' || output.call.type !== 'KILL') return [output];
          for (const service of machine.state.services.values()) {
            for (const { info, status } of service.tasks.values()) {
              if (status && info.task_id.value === output.call.kill.task_id.value) status.state = 'TASK_KILLED';
            }
          }
          return [];
        },
      }),
  },
  {
    rule: 2,
    name: 'speaks before it has stored',
    tamper: (machine) => ({
      ...machine,
      take(input, now) {
        if (input.kind === 'committed') return [];
        const said = machine.take(input, now);
        if (!said.some((output) => output.kind === 'commit')) return said;
        return [...machine.take({ kind: 'committed' }, now).filter((output) => output.kind !== 'commit'), ...said];
      },
    }),
  },
  {
    rule: 2,
    name: 'acknowledges what it has not stored',
    tamper: (machine) => withWrites(machine, (write) => write.kind !== 'task-status' || isStub(write)),
  },
  {
    rule: 3,
    name: 'forgets what it gave up',
    tamper: (machine) => withWrites(machine, (write) => write.kind !== 'abandoned'),
  },
  {
    rule: 4,
    name: 'replaces a pod that was to be restarted',
    tamper: (machine) =>
      through(machine, {
        input(input) {
          if (input.kind !== 'command' || input.command.kind !== 'pod-restart') return input;
          return { ...input, command: { ...input.command, kind: 'pod-replace' } };
        },
      }),
  },
  {
    rule: 5,
    name: 'deploys everything at once',
    tamper(machine) {
      for (const service of machine.state.services.values()) {
        const pods = service.configs.get(service.targetId)?.pods ?? [];
        const phases = pods.map((pod) => ({ name: pod.type, pod: pod.type, strategy: 'parallel' as const }));
        service.plans = [{ name: 'deploy', strategy: 'parallel', phases }];
      }
      return machine;
    },
  },
  {
    rule: 5,
    name: 'kills what runs when it starts',
    tamper(machine) {
      for (const service of machine.state.services.values()) {
        for (const record of service.tasks.values())
          record.progress = { ...record.progress, kill: record.info.task_id.value };
      }
      return machine;
    },
  },
  {
    rule: 6,
    name: 'declines twice',
    tamper: (machine) => withCalls(machine, (call) => (call.type === 'DECLINE' ? [call, call] : [call])),
  },
  { rule: 6, name: 'never declines', tamper: without('DECLINE') },
  { rule: 6, name: 'never suppresses', tamper: without('SUPPRESS') },
  { rule: 6, name: 'never revives', tamper: without('REVIVE') },
  {
    rule: 6,
    name: 'takes more than is offered',
    tamper: (machine) =>
      withOperations(machine, (operation) => {
        if (operation.type !== 'RESERVE') return operation;
        const resources = operation.reserve.resources.map((resource) =>
          resource.name === 'cpus' ? { ...resource, scalar: { value: 40 } } : resource,
        );
        return { ...operation, reserve: { resources } };
      }),
  },
  {
    rule: 7,
    name: 'remembers every status for good',
    tamper: (machine) => {
      let count = 0;
      return through(machine, {
        input(input) {
          if (input.kind === 'connection') machine.state.session.killSent.set(`never-${++count}`, 0);
          machine.state.session.revivedFor.add(`never-${count}`);
          return input;
        },
      });
    },
  },
  {
    rule: 8,
    name: 'answers, and forgets what was asked of a plan',
    tamper: (machine) => withWrites(machine, (write) => write.kind !== 'intent'),
  },
  {
    rule: 8,
    name: 'answers, and forgets what was asked of a pod',
    tamper: (machine) => withWrites(machine, (write) => write.kind !== 'progress' || write.progress.kill === undefined),
  },
  {
    rule: 9,
    name: 'never gives back what is left over',
    tamper: (machine) =>
      withOperations(machine, (operation) =>
        operation.type === 'DESTROY' || operation.type === 'UNRESERVE' ? undefined : operation,
      ),
  },
  { rule: 9, name: 'never reconciles', tamper: without('RECONCILE') },
];

/** What a launch stores of its task before Mesos has said anything. */
function isStub(write: Extract<Write, { kind: 'task-status' }>): boolean {
  return write.status.uuid === undefined;
}
