/**
 * An agent of the embedded cluster as a machine: registers, keeps reservations and volumes, runs task groups and gets their
 * statuses delivered. It promises that whatever it told is in its last checkpoint; it never does I/O or reads a clock.
 */
import { assertNever } from '../kit/assert.ts';
import type { OperationStatus, Resource } from '../kit/mesos.ts';
import type { OfferOperation } from '../kit/mesos-call.ts';
import { bagOf, resourcesOf } from '../kit/resources.ts';
import type { AgentConfig, AgentInput, AgentOutput, AgentSaved } from './agent-contract.ts';
import { applyOperation, volumePath } from './agent-operations.ts';
import * as tasks from './agent-tasks.ts';
import { beginTurn, endTurn, type Turn, tell } from './agent-turn.ts';
import { createUpdates, dueAt, isDue, push, sayAgain, statusUuid, type Updates } from './agent-updates.ts';
import type { MasterToAgent } from './message.ts';

export interface Agent {
  /** Takes one input at `now` (milliseconds) and returns what is to be done about it, in order. */
  take(input: AgentInput, now: number): AgentOutput[];
  /** When a tick would change something, if ever. */
  wakeAt(): number | undefined;
}

interface ToldOperation {
  readonly frameworkId: string;
  readonly updates: Updates<OperationStatus>;
}

export function createAgent(config: AgentConfig): Agent {
  const { newId, workDir, saved } = config;
  const turn: Turn = { now: 0, outputs: [], changed: false };
  const agent: tasks.Tasked = {
    config,
    turn,
    tasks: tasks.restoreTasks(saved?.tasks ?? []),
    agentId: saved?.agentId,
    endedRuns: [...(saved?.endedRuns ?? [])],
  };
  const resources = bagOf(saved?.resources ?? config.resources);
  /** The same as a list, made when it is asked for after a change. */
  let listed: Resource[] | undefined;
  const frameworks = new Map((saved?.frameworks ?? []).map((framework) => [framework.id?.value ?? '', framework]));
  /** By uuid, because operation ids need not be unique (fact 21). */
  const operations = new Map<string, ToldOperation>();
  for (const { frameworkId, status } of saved?.operations ?? []) {
    operations.set(status.uuid?.value ?? '', { frameworkId, updates: createUpdates([status]) });
  }
  /** Tasks whose executors died with the former life of this agent, until a master was told. */
  let lost: tasks.Task[] = [];

  return {
    take(input, now) {
      beginTurn(turn, now);
      handle(input);
      return endTurn(turn, checkpoint);
    },
    wakeAt() {
      const next = Math.min(
        tasks.wakeAt(agent.tasks),
        ...[...operations.values()].map(({ updates }) => dueAt(updates)),
      );
      return Number.isFinite(next) ? next : undefined;
    },
  };

  function handle(input: AgentInput): void {
    switch (input.kind) {
      case 'start':
        register();
        break;
      case 'master':
        onMaster(input.message);
        break;
      case 'started':
        tasks.onStarted(agent, input.container, input.pid);
        break;
      case 'failed':
        tasks.onEnded(agent, input.container, { failure: input.message });
        break;
      case 'exited':
        tasks.onEnded(agent, input.container, input.end);
        break;
      case 'checked':
        tasks.onCheckResult(agent, input.container, input.check, input.run, input);
        break;
      case 'tick':
        onTime();
        break;
      default:
        assertNever(input);
    }
  }

  function onMaster(message: MasterToAgent): void {
    switch (message.kind) {
      case 'registered':
        onRegistered(message.agentId);
        break;
      case 'launch':
        frameworks.set(message.framework.id?.value ?? '', message.framework);
        tasks.launch(agent, message.framework, message.executor, message.tasks);
        break;
      case 'kill':
        tasks.killTask(agent, message.frameworkId, message.taskId, message.killPolicy);
        break;
      case 'acknowledge':
        tasks.onAcknowledge(agent, message.frameworkId, message.taskId, message.uuid);
        forgetIdle(message.frameworkId);
        break;
      case 'apply':
        apply(message.frameworkId, message.operation);
        break;
      case 'acknowledge-operation':
        turn.changed = operations.delete(message.uuid);
        break;
      case 'shutdown-framework':
        forgetFramework(message.frameworkId);
        break;
      case 'shutdown':
        for (const frameworkId of [...frameworks.keys()]) forgetFramework(frameworkId);
        break;
      default:
        assertNever(message);
    }
  }

  /** At the first time of this life it also settles what the former one left running. */
  function register(): void {
    lost = [...lost, ...tasks.failFormerTasks(agent)];
    const { hostname, ip, port, attributes, domain } = config;
    const known = agent.agentId === undefined ? {} : { id: agent.agentId };
    tell(turn, {
      kind: 'register',
      agent: { ...known, hostname, ip, port, resources: config.resources, attributes, ...(domain ? { domain } : {}) },
      checkpointed: listResources(),
      tasks: tasks.listTasks(agent.tasks),
      frameworks: [...frameworks.values()],
      operations: pendingOperations(),
    });
  }

  function onRegistered(agentId: string): void {
    turn.changed = agent.agentId !== agentId;
    agent.agentId = agentId;
    tasks.sayAllAgain(agent);
    for (const operation of operations.values()) {
      sayAgain(operation.updates, turn.now);
      sayOperation(operation);
    }
    const executors = new Map(lost.map((task) => [task.directory, task]));
    for (const { frameworkId, executor } of executors.values()) {
      // 9: the wait status of a process that SIGKILL ended, as a power cut does.
      tell(turn, { kind: 'executor-ended', frameworkId, executorId: executor.executor_id.value, status: 9 });
    }
    lost = [];
  }

  function listResources(): Resource[] {
    listed ??= resourcesOf(resources);
    return listed;
  }

  /** Applies a checked operation and, when it has an id, says so until acknowledged (fact 20). */
  function apply(frameworkId: string, operation: OfferOperation): void {
    const applied = applyOperation(resources, operation);
    if (applied.ok) {
      turn.changed = true;
      listed = undefined;
      for (const volume of applied.created)
        turn.outputs.push({ kind: 'make-volume', path: volumePath(workDir, volume) });
      for (const volume of applied.destroyed)
        turn.outputs.push({ kind: 'remove-volume', path: volumePath(workDir, volume) });
    }
    if (!operation.id) return;
    turn.changed = true;
    const uuid = { value: statusUuid(newId) };
    const status: OperationStatus = {
      operation_id: operation.id,
      ...(applied.ok ? { state: 'OPERATION_FINISHED' } : { state: 'OPERATION_FAILED', message: applied.message }),
      uuid,
      ...(agent.agentId === undefined ? {} : { agent_id: { value: agent.agentId } }),
    };
    const told: ToldOperation = { frameworkId, updates: createUpdates() };
    operations.set(uuid.value, told);
    push(told.updates, status, turn.now);
    sayOperation(told);
  }

  function sayOperation({ frameworkId, updates }: ToldOperation): void {
    tell(turn, { kind: 'operation', frameworkId, status: updates.pending[0]! });
  }

  function pendingOperations(): AgentSaved['operations'] {
    return [...operations.values()].map(({ frameworkId, updates }) => ({ frameworkId, status: updates.pending[0]! }));
  }

  /** Reservations and volumes stay (trace 16). */
  function forgetFramework(frameworkId: string): void {
    tasks.abandon(agent, frameworkId);
    for (const [uuid, operation] of operations) if (operation.frameworkId === frameworkId) operations.delete(uuid);
    frameworks.delete(frameworkId);
  }

  function forgetIdle(frameworkId: string): void {
    if (![...agent.tasks.values()].some((task) => task.frameworkId === frameworkId)) frameworks.delete(frameworkId);
  }

  function onTime(): void {
    tasks.onTime(agent);
    for (const operation of operations.values()) if (isDue(operation.updates, turn.now)) sayOperation(operation);
  }

  function checkpoint(): AgentSaved {
    return {
      ...(agent.agentId === undefined ? {} : { agentId: agent.agentId }),
      resources: listResources(),
      frameworks: [...frameworks.values()],
      tasks: tasks.saveTasks(agent.tasks),
      operations: pendingOperations(),
      endedRuns: [...agent.endedRuns],
    };
  }
}
