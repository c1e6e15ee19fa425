/**
 * Dominant resource fairness, in two levels as in Mesos: the role with the smallest dominant share goes first, in it the
 * framework with the smallest; among equals the one that was offered least often. Promises an order only.
 */

import { type Bag, sumOfScalar } from '../kit/resources.ts';
import type { Candidate } from './allocator.ts';
import { type Framework, holdings, type Ledger } from './ledger.ts';

export interface Shares {
  compare: (a: Candidate, b: Candidate) => number;
  /** The candidate was allotted these resources. */
  count: (candidate: Candidate, resources: Bag) => void;
}

/** Thousandths. */
type Amounts = Record<'cpus' | 'mem' | 'disk', number>;

const names = ['cpus', 'mem', 'disk'] as const;

export function sharesOf(ledger: Ledger): Shares {
  const total: Amounts = { cpus: 0, mem: 0, disk: 0 };
  const held = new Map<string, Amounts>();
  const turns = new Map<Framework, number>();
  const hold = (frameworkId: string, role: string, resources: Bag) => {
    for (const key of [role, `${role} ${frameworkId}`]) {
      const amounts = held.get(key) ?? { cpus: 0, mem: 0, disk: 0 };
      held.set(key, amounts);
      countAll(amounts, resources);
    }
  };
  for (const agent of ledger.agents.values()) {
    countAll(total, agent.total);
    for (const holder of holdings(agent)) hold(holder.frameworkId, holder.role, holder.resources);
  }
  for (const offer of ledger.offers.values()) hold(offer.frameworkId, offer.role, offer.resources);

  const dominant = (key: string) => {
    const own = held.get(key);
    return own ? Math.max(...names.map((name) => own[name] / (total[name] || 1))) : 0;
  };
  const turnsOf = (framework: Framework) => framework.turns + (turns.get(framework) ?? 0);
  return {
    compare: (a, b) =>
      dominant(a.role) - dominant(b.role) ||
      dominant(`${a.role} ${a.framework.id}`) - dominant(`${b.role} ${b.framework.id}`) ||
      turnsOf(a.framework) - turnsOf(b.framework),
    count: ({ framework, role }, resources) => {
      hold(framework.id, role, resources);
      turns.set(framework, (turns.get(framework) ?? 0) + 1);
    },
  };
}

function countAll(amounts: Amounts, resources: Bag): void {
  for (const name of names) amounts[name] += sumOfScalar(resources, name);
}
