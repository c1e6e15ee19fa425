/** What operators see of the master: the bodies of `GET /state` and `GET /slaves` in Mesos' shape. Promises to change nothing. */
import type { Attribute, Resource } from '../kit/mesos.ts';
import { type Bag, bagOf, fromThousandths, resourcesOf, sumOfScalar } from '../kit/resources.ts';
import {
  type Agent,
  type Executor,
  type Framework,
  holdings,
  type Ledger,
  rolesOf,
  type StandingOffer,
  sumOf,
  type Task,
  usedOn,
} from './ledger.ts';
import { allocated, reservedRole } from './resource-form.ts';
import { valueText } from './resource-text.ts';
import { VERSION } from './subscription.ts';
import type { Settings } from './turn.ts';

type Json = Record<string, unknown>;

/** The body of `GET /state`; times are seconds since the epoch. */
export function stateView(ledger: Ledger, settings: Settings, startedAt: number): Json {
  const { host, port, domain } = settings;
  const pid = `master@${host}:${port}`;
  const agents = [...ledger.agents.values()];
  return {
    version: VERSION,
    start_time: startedAt / 1000,
    elected_time: startedAt / 1000,
    id: ledger.masterId,
    pid,
    hostname: host,
    activated_slaves: agents.filter((agent) => agent.link !== undefined).length,
    deactivated_slaves: agents.filter((agent) => agent.link === undefined).length,
    unreachable_slaves: ledger.unreachable.size,
    ...(domain && { domain }),
    leader: pid,
    leader_info: { id: ledger.masterId, pid, port, hostname: host, ...(domain && { domain }) },
    slaves: agents.map((agent) => agentView(agent)),
    recovered_slaves: [...ledger.recovering].map((id) => ({ id })),
    frameworks: [...ledger.frameworks.values()].map((framework) => frameworkView(ledger, framework)),
    completed_frameworks: [],
    orphan_tasks: [],
    unregistered_frameworks: [],
  };
}

/** The body of `GET /slaves`: the agents as in `/state`, with every resource in full. */
export function slavesView(ledger: Ledger): Json {
  const slaves = [...ledger.agents.values()].map((agent) => {
    const total = resourcesOf(agent.total);
    return {
      ...agentView(agent),
      reserved_resources_full: Object.fromEntries(
        [...byRole(total)].map(([role, resources]) => [role, resources.map(twoFormats)]),
      ),
      unreserved_resources_full: total.filter((r) => reservedRole(r) === undefined).map(twoFormats),
      used_resources_full: holdings(agent).flatMap((h) => allocated(resourcesOf(h.resources), h.role).map(twoFormats)),
      offered_resources_full: [...agent.offers].flatMap((o) =>
        allocated(resourcesOf(o.resources), o.role).map(twoFormats),
      ),
    };
  });
  return { slaves, recovered_slaves: [...ledger.recovering].map((id) => ({ id })) };
}

function agentView(agent: Agent): Json {
  const { id, info } = agent;
  const total = resourcesOf(agent.total);
  return {
    id,
    hostname: info.hostname,
    port: info.port,
    attributes: Object.fromEntries(info.attributes.map((attribute) => [attribute.name, attributeValue(attribute)])),
    ...(info.domain && { domain: info.domain }),
    pid: `slave(1)@${info.ip}:${info.port}`,
    registered_time: agent.registeredAt / 1000,
    resources: summary(agent.total),
    used_resources: summary(usedOn(agent)),
    offered_resources: summary(sumOf([...agent.offers])),
    reserved_resources: Object.fromEntries(
      [...byRole(total)].map(([role, resources]) => [role, summary(bagOf(resources))]),
    ),
    unreserved_resources: summary(bagOf(total.filter((resource) => reservedRole(resource) === undefined))),
    active: agent.link !== undefined && !agent.deactivated,
    deactivated: agent.deactivated,
    version: VERSION,
    capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'AGENT_OPERATION_FEEDBACK'],
  };
}

function frameworkView(ledger: Ledger, framework: Framework): Json {
  const { id, info } = framework;
  const agents = [...ledger.agents.values()];
  const offers = [...ledger.offers.values()].filter((offer) => offer.frameworkId === id);
  const used = agents.flatMap((agent) => holdings(agent)).filter((holder) => holder.frameworkId === id);
  const executors = agents.flatMap((agent) =>
    agent.executors.filter((executor) => executor.frameworkId === id).map((executor) => executorView(agent, executor)),
  );
  return {
    id,
    name: info.name,
    used_resources: summary(sumOf(used)),
    offered_resources: summary(sumOf(offers)),
    capabilities: (info.capabilities ?? []).map((capability) => capability.type),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.stream !== undefined,
    connected: framework.stream !== undefined,
    recovered: framework.recovered,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: framework.registeredAt / 1000,
    unregistered_time: (framework.disconnectedAt ?? 0) / 1000,
    ...(info.principal !== undefined && { principal: info.principal }),
    resources: summary(sumOf([...used, ...offers])),
    roles: rolesOf(info),
    tasks: [...framework.tasks.values()].map(taskView),
    unreachable_tasks: framework.completed.filter((task) => task.latest === 'TASK_UNREACHABLE').map(taskView),
    completed_tasks: framework.completed.filter((task) => task.latest !== 'TASK_UNREACHABLE').map(taskView),
    offers: offers.map(offerView),
    executors,
  };
}

function taskView(task: Task): Json {
  const { info } = task;
  return {
    id: info.task_id.value,
    name: info.name,
    framework_id: task.frameworkId,
    executor_id: task.executorId,
    slave_id: task.agentId,
    state: task.latest,
    resources: summary(task.resources),
    role: task.role,
    statuses: task.statuses.map(({ state, timestamp, healthy, container_status }) => ({
      state,
      timestamp,
      ...(healthy !== undefined && { healthy }),
      ...(container_status && { container_status }),
    })),
    ...(info.labels?.labels && { labels: info.labels.labels }),
    ...(info.discovery && { discovery: info.discovery }),
  };
}

function executorView(agent: Agent, { frameworkId, info, role, resources }: Executor): Json {
  return {
    executor_id: info.executor_id.value,
    name: info.name ?? '',
    framework_id: frameworkId,
    command: { argv: [], uris: [] },
    resources: summary(resources),
    role,
    type: info.type,
    slave_id: agent.id,
  };
}

function offerView({ offer, frameworkId, agentId, role, resources }: StandingOffer): Json {
  return {
    id: offer.id.value,
    framework_id: frameworkId,
    allocation_info: { role },
    slave_id: agentId,
    resources: summary(resources),
  };
}

/** Numbers for scalars, text for ranges and sets, whatever they are reserved for; the four common scalars are always there. */
function summary(resources: Bag): Json {
  const sums: Json = {};
  for (const name of ['disk', 'mem', 'gpus', 'cpus']) sums[name] = fromThousandths(sumOfScalar(resources, name));
  const plain = bagOf(
    resourcesOf(resources).map(({ name, type, scalar, ranges, set }) => ({
      name,
      type,
      ...(scalar && { scalar }),
      ...(ranges && { ranges }),
      ...(set && { set }),
    })),
  );
  for (const resource of resourcesOf(plain)) {
    sums[resource.name] = resource.scalar ? resource.scalar.value : valueText(resource);
  }
  return sums;
}

function byRole(resources: readonly Resource[]): Map<string, Resource[]> {
  const roles = new Map<string, Resource[]>();
  for (const resource of resources) {
    const role = reservedRole(resource);
    if (role !== undefined) roles.set(role, [...(roles.get(role) ?? []), resource]);
  }
  return roles;
}

/** Endpoints show a resource in the old format and in the new one at once. */
function twoFormats(resource: Resource): Resource {
  const [reservation, ...more] = resource.reservations ?? [];
  if (!reservation) return { ...resource, role: '*' };
  if (more.length > 0) return resource;
  const { type, role, principal, labels } = reservation;
  const old = { ...(principal !== undefined && { principal }), ...(labels && { labels }) };
  return { ...resource, role: role ?? '*', ...(type === 'DYNAMIC' && { reservation: old }) };
}

function attributeValue(attribute: Attribute): string | number {
  return attribute.scalar?.value ?? attribute.text?.value ?? valueText(attribute);
}
