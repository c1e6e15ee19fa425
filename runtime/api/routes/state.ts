/** `/v1/state`: what is stored beside tasks and configurations (http-api 6). Files and zones have tables of their own. */
import { compact, empty } from '../answer.ts';
import { propertyNames, propertyText } from '../bodies/properties.ts';
import type { Route } from '../route.ts';

export const stateRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/v1/state/refresh',
    order: ({ state }) =>
      state.settings.stateCache ? { reload: compact({ message: 'Received cmd: refresh' }) } : empty(409),
  },
  {
    method: 'GET',
    path: '/v1/state/frameworkId',
    read: ({ state }) => (state.frameworkId ? compact([state.frameworkId]) : empty(404)),
  },
  { method: 'GET', path: '/v1/state/properties', read: ({ service }) => compact(propertyNames(service)) },
  {
    method: 'GET',
    path: '/v1/state/properties/:name',
    read: ({ service }, { name }) => {
      const body = propertyText(service, name);
      // Whatever the text is: clients of the field are told JSON.
      return body === undefined ? empty(404) : { status: 200, type: 'application/json', body };
    },
  },
];
