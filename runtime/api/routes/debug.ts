/** `/v1/debug`, `/v2/debug`: what the scheduler saw and why it decided as it did. A `sync` parameter is ignored, as ever. */
import { compact, text } from '../answer.ts';
import { debugPlansBody, debugStatusesBody } from '../bodies/debug-plans.ts';
import { fieldOffersBody, offersBody } from '../bodies/offers.ts';
import { processText } from '../bodies/process.ts';
import { reservationsBody } from '../bodies/reservations.ts';
import type { Route } from '../route.ts';

export const debugRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/debug/offers', read: ({ state }) => compact(offersBody(state.session.evaluations)) },
  { method: 'GET', path: '/v2/debug/offers', read: (view) => compact(fieldOffersBody(view)) },
  { method: 'GET', path: '/v1/debug/plans', read: (view, ask) => compact(debugPlansBody(view, ask)) },
  { method: 'GET', path: '/v1/debug/taskStatuses', read: (view, ask) => compact(debugStatusesBody(view, ask)) },
  { method: 'GET', path: '/v1/debug/reservations', read: ({ service }) => compact(reservationsBody(service)) },
  { method: 'GET', path: '/v1/debug/threads', read: () => text(200, processText()) },
];
