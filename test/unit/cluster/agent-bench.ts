/** An agent on the bench: short words for what a master and processes do to it, and for what it does about it. */
import { createAgent } from '../../../runtime/cluster/agent.ts';
import type { AgentInput, AgentOutput, AgentSaved } from '../../../runtime/cluster/agent-contract.ts';
import type { MasterToAgent } from '../../../runtime/cluster/message.ts';
import type { ExecutorInfo, Resource, TaskInfo, TaskStatus } from '../../../runtime/kit/mesos.ts';
import type { FrameworkInfo } from '../../../runtime/kit/mesos-call.ts';

export const framework: FrameworkInfo = { user: 'root', name: 'data-store', id: { value: 'fw' }, roles: ['data-role'] };
export const executor: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'executor' } };

export function task(id: string, more: Partial<TaskInfo> = {}): TaskInfo {
  return { name: id, task_id: { value: id }, agent_id: { value: 'S0' }, command: { value: 'sleep 3600' }, ...more };
}

export function seconds(count: number): { grace_period: { nanoseconds: number } } {
  return { grace_period: { nanoseconds: count * 1e9 } };
}

export const disk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 1000 } };

export type Bench = ReturnType<typeof bench>;

/** A registered agent with one disk of 1000 MB. `saved` revives it. */
export function bench(saved?: AgentSaved) {
  let ids = 0;
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const agent = createAgent({
    hostname: 'agent-1',
    ip: '127.0.0.1',
    port: 5051,
    resources: [disk],
    attributes: [],
    workDir: '/agent-1',
    newId,
    ...(saved ? { saved: JSON.parse(JSON.stringify(saved)) as AgentSaved } : {}),
  });
  let checkpoint = saved;
  const take = (input: AgentInput, now: number): AgentOutput[] => {
    const outputs = agent.take(input, now);
    for (const output of outputs) if (output.kind === 'save') checkpoint = output.saved();
    return outputs;
  };
  const master = (message: MasterToAgent, now = 0) => take({ kind: 'master', message }, now);
  return {
    take,
    master,
    wakeAt: () => agent.wakeAt(),
    checkpoint: () => checkpoint!,
    start: () => take({ kind: 'start' }, 0),
    registered: (now = 0) => master({ kind: 'registered', agentId: 'S0' }, now),
    launch: (tasks: TaskInfo[], now = 0) => master({ kind: 'launch', framework, executor, tasks }, now),
    kill: (taskId: string, now: number, killPolicy = undefined as TaskInfo['kill_policy']) =>
      master({ kind: 'kill', frameworkId: 'fw', taskId, ...(killPolicy ? { killPolicy } : {}) }, now),
    acknowledge: (status: TaskStatus | undefined, now = 0) =>
      master({ kind: 'acknowledge', frameworkId: 'fw', taskId: status!.task_id.value, uuid: status!.uuid! }, now),
    started: (container: string, now = 0) => take({ kind: 'started', container, pid: 4711 }, now),
    exited: (container: string, end: { code: number } | { signal: string }, now = 0) =>
      take({ kind: 'exited', container, end }, now),
    tick: (now: number) => take({ kind: 'tick' }, now),
  };
}

/** A registered agent whose tasks run, every status acknowledged. */
export function running(...tasks: TaskInfo[]): { bench: Bench; containers: string[] } {
  const agent = bench();
  agent.start();
  agent.registered();
  const containers = runs(agent.launch(tasks)).map((run) => run.container);
  for (const container of containers) agent.started(container);
  for (
    let left = agent.checkpoint().tasks;
    left.some((one) => one.unacknowledged.length > 0);
    left = agent.checkpoint().tasks
  ) {
    for (const one of left) if (one.unacknowledged[0]) agent.acknowledge(one.unacknowledged[0]);
  }
  return { bench: agent, containers };
}

export function statuses(outputs: AgentOutput[]): TaskStatus[] {
  return outputs.flatMap((o) => (o.kind === 'master' && o.message.kind === 'status' ? [o.message.status] : []));
}

export function states(outputs: AgentOutput[]): string[] {
  return statuses(outputs).map((status) => `${status.task_id.value} ${status.state}`);
}

export function signals(outputs: AgentOutput[]): string[] {
  return outputs.flatMap((output) => (output.kind === 'signal' ? [output.signal] : []));
}

export function runs(outputs: AgentOutput[]): Extract<AgentOutput, { kind: 'run' }>[] {
  return outputs.flatMap((output) => (output.kind === 'run' ? [output] : []));
}

export function kinds(outputs: AgentOutput[]): string[] {
  return outputs.map((output) => (output.kind === 'master' ? output.message.kind : output.kind));
}
