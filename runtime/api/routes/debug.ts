/** `/v1/debug`, `/v2/debug`: what the scheduler saw and why it decided as it did. */
import { compact } from '../answer.ts';
import { fieldOffersBody, offersBody } from '../bodies/offers.ts';
import type { Route } from '../route.ts';

export const debugRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/debug/offers', read: ({ state }) => compact(offersBody(state.session.evaluations)) },
  { method: 'GET', path: '/v2/debug/offers', read: (view) => compact(fieldOffersBody(view)) },
];
