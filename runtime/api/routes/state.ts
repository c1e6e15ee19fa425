/** `/v1/state`: what is stored beside tasks and configurations. */
import { compact, empty } from '../answer.ts';
import type { Route } from '../route.ts';

export const stateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/state/frameworkId',
    read: ({ state }) => (state.frameworkId ? compact([state.frameworkId]) : empty(404)),
  },
];
