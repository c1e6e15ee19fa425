/** The embedded master with agents that confirm everything, and our framework, which hears of all that is refused. */
import type { Attribute, Offer, Resource, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { FrameworkInfo, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { createRig, offersIn, operationsIn, statusesIn } from '../cluster/master-rig.ts';

const framework: Omit<FrameworkInfo, 'roles'> = {
  user: 'root',
  name: 'shop',
  principal: 'shop-principal',
  failover_timeout: 60,
  checkpoint: true,
  capabilities: ['PARTITION_AWARE', 'RESERVATION_REFINEMENT', 'MULTI_ROLE', 'GPU_RESOURCES'].map((type) => ({ type })),
};

/** Agents `host-0`, `host-1`, ... with these resources; all is offered to one role. */
export function clusterOf(machines: readonly Resource[][], role: string, racks: readonly string[] = []) {
  const rig = createRig();
  machines.forEach((resources, link) => {
    const rack = racks[link];
    const attributes: Attribute[] = rack === undefined ? [] : [{ name: 'rack', type: 'TEXT', text: { value: rack } }];
    const agent = { hostname: `host-${link}`, ip: '127.0.0.1', port: 5051 + link, resources, attributes };
    rig.register(link, { agent, checkpointed: resources });
  });
  const ours = rig.subscribe({ ...framework, roles: [role] });
  let offers = offersIn(ours.heard(ours.outputs));
  const linkOf = (host = '') => Number(host.slice('host-'.length));
  return {
    frameworkId: ours.frameworkId,
    offers: () => offers,
    /** Sends the operations and returns what is said against them; the agent confirms the rest. */
    accept(used: readonly Offer[], operations: readonly OfferOperation[]): string[] {
      const outputs = ours.accept(used, [...operations]);
      offers = offers.filter((offer) => !used.includes(offer));
      const link = linkOf(used[0]?.hostname);
      for (const { id } of operations) if (id) rig.operationDone(link, ours.frameworkId, id.value);
      const events = ours.heard(outputs);
      return [...operationsIn(events), ...statusesIn(events)].map(({ state, message }) => `${state} ${message}`);
    },
    /** The tasks and their executors end; the next offers are all there is. */
    end(host: string, infos: Iterable<TaskInfo>): void {
      const executors = new Set<string>();
      for (const { task_id, executor } of infos) {
        if (task_id.value !== '') rig.status(linkOf(host), ours.frameworkId, task_id.value, 'TASK_FAILED');
        if (executor) executors.add(executor.executor_id.value);
      }
      for (const executorId of executors) {
        const message = { kind: 'executor-ended', frameworkId: ours.frameworkId, executorId, status: 0 } as const;
        rig.take({ kind: 'agent', agent: linkOf(host), message });
      }
      const offer_ids = offers.map(({ id }) => id);
      ours.call({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: 0 } } });
      offers = offersIn(ours.heard(rig.pass(1_000)));
    },
  };
}
