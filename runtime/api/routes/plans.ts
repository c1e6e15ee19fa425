/** `/v1/plans`: what the scheduler works on and how far it is. */
import { plansOf } from '../../core/plan/plans.ts';
import { type Answer, bean, compact, notFound } from '../answer.ts';
import { planBody, planCalled, planCode } from '../bodies/plans.ts';
import type { Route, View } from '../route.ts';

export const planRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/plans',
    duringUninstall: true,
    read: ({ service, state, now }) => compact(plansOf(service, state.session, now).map((plan) => plan.name)),
  },
  {
    method: 'GET',
    path: '/v1/plans/:name',
    duringUninstall: true,
    waits: true,
    read: (view, { name }) => show(view, name),
  },
];

function show(view: View, name: string): Answer {
  const plan = planCalled(view, name);
  return plan ? bean(planBody(plan, view), planCode(plan)) : notFound(`Plan ${name}`);
}
