/**
 * ACCEPT: offers in, operations applied in sequence, the rest given back. Promises that a refused operation leaves no trace and
 * stops no other, and that every resource of the offers ends up used, converted, or free.
 */
import type { ExecutorInfo, TaskInfo, TaskState } from '../kit/mesos.ts';
import type { Call, OfferOperation } from '../kit/mesos-call.ts';
import { type Bag, bagOf, common, subtract } from '../kit/resources.ts';
import { addTask, removeOffer } from './bookkeeping.ts';
import { canonical, commandExecutor, groupMistake, type LaunchScene, lackOf, taskRefusal } from './launch.ts';
import { type Agent, type Framework, type StandingOffer, sumOf, usedOn } from './ledger.ts';
import { refuse } from './offering.ts';
import { bareOperation, type Conversion, conversionOf, exchange, isWhole, refusalOf } from './operation.ts';
import { allocated, bare } from './resource-form.ts';
import { lostAs, masterStatus, order, type Turn, tellRefusal, tellStatus } from './turn.ts';

type AcceptCall = Extract<Call, { type: 'ACCEPT' }>['accept'];

/** The state of one ACCEPT while its operations are applied. */
interface Acceptance {
  turn: Turn;
  framework: Framework;
  agent: Agent;
  role: string;
  left: Bag;
}

export function accept(turn: Turn, framework: Framework, call: AcceptCall): void {
  const { ledger } = turn;
  const operations = (call.operations ?? []).filter(isWhole);
  const ids = call.offer_ids.map((id) => id.value);
  const mistake = offersMistake(turn, framework, ids);
  const offers = takeOffers(turn, framework, ids);
  const agent = offers[0] && ledger.agents.get(offers[0].agentId);
  if (mistake !== undefined || !offers[0] || !agent) {
    for (const operation of operations) refuseForOffers(turn, framework, operation, mistake ?? '');
    return;
  }
  const offered = sumOf(offers);
  const acceptance = { turn, framework, agent, role: offers[0].role, left: new Map(offered) };
  for (const operation of operations) perform(acceptance, operation);
  // The filter covers only what was offered and left alone: what an operation made comes with the next batch (trace 11).
  refuse(turn, framework, acceptance.role, agent.id, common(acceptance.left, offered), call.filters);
}

/** Offers named in an ACCEPT are used up, also when one of them spoils it (trace 10). */
function takeOffers(turn: Turn, framework: Framework, ids: readonly string[]): StandingOffer[] {
  const taken: StandingOffer[] = [];
  for (const id of ids) {
    const offer = turn.ledger.offers.get(id);
    if (offer?.frameworkId !== framework.id) continue;
    removeOffer(turn.ledger, offer);
    taken.push(offer);
  }
  return taken;
}

function offersMistake(turn: Turn, framework: Framework, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return 'No offers specified';
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `Duplicate offer ${twice} in offer list`;
  const offers: StandingOffer[] = [];
  for (const id of ids) {
    const offer = turn.ledger.offers.get(id);
    if (!offer) return `Offer ${id} is no longer valid`;
    if (offer.frameworkId !== framework.id) {
      return `Offer ${id} has invalid framework ${offer.frameworkId} while framework ${framework.id} is expected`;
    }
    offers.push(offer);
  }
  const [head] = offers;
  for (const { offer, role, agentId } of offers) {
    if (role !== head?.role) {
      return `Aggregated offers must be allocated to the same role. Offer ${offer.id.value} uses role '${role} but another is using role '${head?.role}`;
    }
    if (agentId !== head.agentId) {
      return `Aggregated offers must belong to one single agent. Offer ${offer.id.value} uses agent ${agentId} and agent ${head.agentId}`;
    }
  }
  return undefined;
}

function refuseForOffers(turn: Turn, framework: Framework, operation: OfferOperation, mistake: string): void {
  for (const task of launchedBy(operation)) {
    const message = `Task launched with invalid offers: ${mistake}`;
    refuseTask(turn, framework, task, lostAs(framework, 'TASK_DROPPED'), 'REASON_INVALID_OFFERS', message);
  }
  if (launchedBy(operation).length > 0) return;
  tellRefusal(turn, framework, operation, `Operation attempted with invalid offers: ${mistake}`);
}

function launchedBy(operation: OfferOperation): readonly TaskInfo[] {
  if (operation.type === 'LAUNCH') return operation.launch.task_infos;
  return operation.type === 'LAUNCH_GROUP' ? operation.launch_group.task_group.tasks : [];
}

function refuseTask(
  turn: Turn,
  framework: Framework,
  task: TaskInfo,
  state: TaskState,
  reason: string,
  message: string,
): void {
  const { task_id, agent_id } = task;
  tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason, agent_id }));
}

function perform(acceptance: Acceptance, operation: OfferOperation): void {
  switch (operation.type) {
    case 'RESERVE':
    case 'UNRESERVE':
    case 'CREATE':
    case 'DESTROY':
      performConversion(acceptance, operation);
      break;
    case 'LAUNCH':
      performLaunch(acceptance, operation.launch.task_infos);
      break;
    case 'LAUNCH_GROUP':
      performLaunchGroup(acceptance, operation);
      break;
  }
}

function performConversion({ turn, framework, agent, role, left }: Acceptance, operation: Conversion): void {
  const { id, info } = agent;
  const refusal = refusalOf(operation, {
    role,
    ...(framework.info.principal !== undefined && { principal: framework.info.principal }),
    left,
    total: agent.total,
    used: () => usedOn(agent),
    agent: `${id} at slave(1)@${info.ip}:${info.port} (${info.hostname})`,
  });
  if (refusal !== undefined) {
    tellRefusal(turn, framework, operation, refusal);
    return;
  }
  const conversion = conversionOf(operation);
  exchange(left, conversion);
  exchange(agent.total, conversion);
  if (operation.id) {
    agent.operations.push({ frameworkId: framework.id, id: operation.id.value, state: 'OPERATION_PENDING' });
  }
  order(turn, agent, { kind: 'apply', frameworkId: framework.id, operation: bareOperation(operation) });
}

function sceneOf({ framework, agent, role, left }: Acceptance): LaunchScene {
  return {
    frameworkId: framework.id,
    agentId: agent.id,
    role,
    left,
    taskIds: framework.tasks,
    running: (executorId) =>
      agent.executors.find((e) => e.frameworkId === framework.id && e.info.executor_id.value === executorId)?.info,
  };
}

function performLaunch(acceptance: Acceptance, tasks: readonly TaskInfo[]): void {
  const { turn, framework } = acceptance;
  for (const task of tasks) {
    const refusal = taskRefusal(task, sceneOf(acceptance));
    if (refusal === undefined)
      launch(acceptance, commandExecutor(task, framework.id), [{ task, resources: bagOf(task.resources?.map(bare)) }]);
    else refuseTask(turn, framework, task, 'TASK_ERROR', 'REASON_TASK_INVALID', refusal);
  }
}

function performLaunchGroup(
  acceptance: Acceptance,
  operation: Extract<OfferOperation, { type: 'LAUNCH_GROUP' }>,
): void {
  const { turn, framework, agent, role, left } = acceptance;
  const { executor } = operation.launch_group;
  const { tasks } = operation.launch_group.task_group;
  if (tasks.length === 0) return;
  const scene = sceneOf(acceptance);
  const refuseAll = (refusal: string) => {
    for (const task of tasks) {
      refuseTask(turn, framework, task, 'TASK_ERROR', 'REASON_TASK_GROUP_INVALID', refusal);
    }
  };
  const mistake = operation.id
    ? 'The `id` field cannot be set on LAUNCH_GROUP operations'
    : groupMistake(executor, tasks, scene);
  if (mistake !== undefined) {
    refuseAll(mistake);
    return;
  }

  const isRunning = scene.running(executor.executor_id.value) !== undefined;
  const own = isRunning ? [] : [{ resources: bagOf(executor.resources?.map(bare)) }];
  const wanted = tasks.map((task) => ({ task, resources: bagOf(task.resources?.map(bare)) }));
  const lack = lackOf(sumOf([...wanted, ...own]), scene, 'task group and its executor are');
  if (lack !== undefined) {
    refuseAll(lack);
    return;
  }

  const info = canonical(executor, role);
  for (const { resources } of own) {
    subtract(left, resources);
    agent.executors.push({ frameworkId: framework.id, info, role, resources });
  }
  launch(acceptance, info, wanted);
}

function launch(
  { turn, framework, agent, role, left }: Acceptance,
  executor: ExecutorInfo,
  tasks: readonly { task: TaskInfo; resources: Bag }[],
) {
  const infos: TaskInfo[] = [];
  for (const { task, resources } of tasks) {
    const info = { ...task, resources: allocated((task.resources ?? []).map(bare), role) };
    infos.push(info);
    subtract(left, resources);
    addTask(framework, agent, {
      info,
      frameworkId: framework.id,
      agentId: agent.id,
      executorId: executor.executor_id.value,
      role,
      resources,
      latest: 'TASK_STAGING',
      statuses: [],
    });
  }
  order(turn, agent, { kind: 'launch', framework: framework.info, executor, tasks: infos });
}
