/**
 * Invariant 6: every offer is answered exactly once and soon, unless it died first, and never used for more than it holds; offers
 * are suppressed exactly while there is no work.
 */
import { type Conversion, conversionOf } from '../../../runtime/cluster/operation.ts';
import { candidateSteps } from '../../../runtime/core/plan/plan.ts';
import type { Offer, Resource } from '../../../runtime/kit/mesos.ts';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { add, type Bag, bagOf, contains, type Resources, subtract } from '../../../runtime/kit/resources.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

/** Offers are held for two seconds at most, and a commit takes its time. */
const SOON_MS = 5_000;
/** REVIVEs are a second apart at least. */
const SEEK_MS = 4_000;

export function offers(world: World): Observer {
  const open = new Map<string, { offer: Offer; at: number }>();
  const rescinded = new Set<string>();
  const answered = new Set<string>();
  let suppressed = false;
  /** Since when what Mesos was told does not fit the work there is. */
  let unfitSince: number | undefined;

  const answer = (ids: readonly { value: string }[]): Offer[] =>
    ids.flatMap(({ value }) => {
      if (answered.has(value)) broken(6, `the offer ${value} is answered twice`);
      const known = open.get(value);
      if (!known) broken(6, `the offer ${value} is answered, and was dead or never made`);
      answered.add(value);
      open.delete(value);
      return [known.offer];
    });
  const forget = () => {
    open.clear();
    rescinded.clear();
    answered.clear();
    unfitSince = undefined;
    suppressed = false;
  };

  return {
    streamChanged: forget,
    died: forget,
    delivered(event) {
      if (event.type === 'OFFERS') {
        for (const offer of event.offers.offers ?? []) open.set(offer.id.value, { offer, at: world.now });
      }
      // Its answer may be on its way to the disk already: it is dead once nothing is.
      if (event.type === 'RESCIND') rescinded.add(event.rescind.offer_id.value);
    },
    called(call) {
      if (call.type === 'SUPPRESS') suppressed = true;
      if (call.type === 'REVIVE') suppressed = false;
      if (call.type === 'DECLINE') answer(call.decline.offer_ids);
      if (call.type === 'ACCEPT') fits(call.accept, answer(call.accept.offer_ids));
    },
    frame() {
      const { scheduler } = world;
      if (!scheduler.isDurable()) return;
      for (const id of rescinded) open.delete(id);
      rescinded.clear();
      for (const [id, { at }] of open) if (world.now > at + SOON_MS) broken(6, `the offer ${id} is not answered`);
      const state = scheduler.state();
      if (!state || state.session.subscription === 0 || suppressed !== hasWork(world)) unfitSince = undefined;
      else if (unfitSince === undefined) unfitSince = world.now;
      else if (world.now > unfitSince + SEEK_MS) {
        broken(6, suppressed ? 'offers are suppressed, and there is work' : 'offers come, and there is no work');
      }
    },
  };
}

/** Whether a plan would work on something now, or something is to be given back. */
function hasWork(world: World): boolean {
  const service = world.scheduler.service();
  if (!service || service.uninstall === 'done') return false;
  if (service.uninstall || service.abandoned.size > 0) return true;
  return world.scheduler.plans().some((plan) => candidateSteps(plan).length > 0);
}

/** Operations one after another take no more than is there at their turn. */
function fits(accept: Extract<Call, { type: 'ACCEPT' }>['accept'], offered: readonly Offer[]): void {
  const left: Bag = bagOf(offered.flatMap((offer) => (offer.resources ?? []).map(plain)));
  const executors = new Set(offered.flatMap((offer) => (offer.executor_ids ?? []).map((id) => id.value)));
  const take = (resources: Resources, what: string) => {
    if (!contains(left, resources)) broken(6, `${what} takes more than is offered`);
    subtract(left, resources);
  };
  for (const operation of accept.operations ?? []) {
    if (operation.type === 'LAUNCH') continue;
    if (operation.type !== 'LAUNCH_GROUP') {
      const { taken, given } = conversionOf(operation satisfies Conversion);
      take(taken, operation.type);
      add(left, given);
      continue;
    }
    const { executor, task_group } = operation.launch_group;
    if (!executors.has(executor.executor_id.value)) take((executor.resources ?? []).map(plain), 'the executor');
    executors.add(executor.executor_id.value);
    for (const task of task_group.tasks) take((task.resources ?? []).map(plain), task.name);
  }
}

function plain({ allocation_info: _, ...resource }: Resource): Resource {
  return resource;
}
