/** `/v1/plans`: what the scheduler works on and how far it is. */
import { plansOf } from '../../core/plan/plans.ts';
import { bean, compact, notFound } from '../answer.ts';
import { planBody, planCode } from '../bodies/plans.ts';
import { whyWaiting } from '../bodies/waiting.ts';
import type { Route } from '../route.ts';

export const planRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/plans',
    read: ({ service, state, now }) => compact(plansOf(service, state.session, now).map((plan) => plan.name)),
  },
  {
    method: 'GET',
    path: '/v1/plans/:name',
    read: ({ service, state, now, ids }, { name }) => {
      const plan = plansOf(service, state.session, now).find((candidate) => candidate.name === name);
      if (!plan) return notFound(`Plan ${name}`);
      return bean(
        planBody(plan, ids, (step) => whyWaiting(step, service, state.session)?.text),
        planCode(plan),
      );
    },
  },
];
