/** `/v1/endpoints`: where clients of the service connect. */
import { compact, empty, text } from '../answer.ts';
import { endpointBody, endpointNames } from '../bodies/endpoints.ts';
import type { Route } from '../route.ts';

export const endpointRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/endpoints', read: ({ service }) => compact(endpointNames(service)) },
  {
    method: 'GET',
    path: '/v1/endpoints/:name',
    read: ({ service, state }, { name }) => {
      if (Object.hasOwn(service.endpoints, name)) return text(200, service.endpoints[name] ?? '');
      const body = endpointBody(service, name, state.settings);
      return body ? compact(body) : empty(404);
    },
  },
];
