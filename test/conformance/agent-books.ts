/**
 * What the recorded agents knew when they came back: what was made durable there of the master's orders, and what ran. Promises
 * only what a recording tells of it: orders that reached a frozen agent are lost with its process.
 */
import { applyOperation } from '../../runtime/cluster/agent-operations.ts';
import type { AgentTask, AgentToMaster, MasterToAgent } from '../../runtime/cluster/message.ts';
import type { Offer, OperationStatus, TaskState } from '../../runtime/kit/mesos.ts';
import type { FrameworkInfo } from '../../runtime/kit/mesos-call.ts';
import { bagOf, resourcesOf } from '../../runtime/kit/resources.ts';
import { registration } from './recording.ts';

const LIVING: readonly TaskState[] = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];

export interface AgentBooks {
  isFrozen: boolean;
  takeOrder(order: MasterToAgent): void;
  /** It said this to the master. */
  said(message: AgentToMaster): void;
  register(): AgentToMaster;
}

export function openBooks(first: Offer): AgentBooks {
  const resources = bagOf((first.resources ?? []).map(({ allocation_info: _role, ...resource }) => resource));
  const tasks = new Map<string, Omit<AgentTask, 'status'> & Partial<AgentTask>>();
  const frameworks = new Map<string, FrameworkInfo>();
  const operations = new Map<string, { frameworkId: string; status: OperationStatus }>();
  return {
    isFrozen: false,
    takeOrder(order) {
      if (this.isFrozen) return;
      if (order.kind === 'apply') applyOperation(resources, order.operation);
      if (order.kind === 'acknowledge-operation') operations.delete(order.operationId);
      if (order.kind === 'launch') {
        const frameworkId = order.framework.id?.value ?? '';
        frameworks.set(frameworkId, order.framework);
        for (const info of order.tasks) {
          tasks.set(info.task_id.value, { frameworkId, info, executor: order.executor });
        }
      }
      const over = order.kind === 'acknowledge' ? tasks.get(order.taskId)?.status : undefined;
      if (over && !LIVING.includes(over.state)) tasks.delete(over.task_id.value);
    },
    said(message) {
      if (message.kind === 'operation') operations.set(message.status.operation_id?.value ?? '', message);
      const task = message.kind === 'status' ? tasks.get(message.status.task_id.value) : undefined;
      if (task && message.kind === 'status') task.status = message.latest;
    },
    register() {
      const message = registration({ ...first, resources: resourcesOf(resources) });
      if (message.kind !== 'register') return message;
      return {
        ...message,
        agent: { ...message.agent, id: first.agent_id.value },
        tasks: [...tasks.values()].filter((task): task is AgentTask => task.status !== undefined),
        frameworks: [...frameworks.values()],
        operations: [...operations.values()],
      };
    },
  };
}
