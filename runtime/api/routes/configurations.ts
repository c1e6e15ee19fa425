/** `/v1/configurations`: the stored service specifications, among them the target. */
import { toStored } from '../../spec/stored/service.ts';
import { type Answer, bean, compact, empty } from '../answer.ts';
import type { Route, View } from '../route.ts';

/** What an id of a configuration looks like. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const configurationRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/configurations', read: ({ service }) => compact([...service.configs.keys()]) },
  { method: 'GET', path: '/v1/configurations/targetId', read: ({ service }) => compact([service.targetId]) },
  { method: 'GET', path: '/v1/configurations/target', read: (view) => configuration(view, view.service.targetId) },
  {
    method: 'GET',
    path: '/v1/configurations/:name',
    read: (view, { name }) => (UUID.test(name) ? configuration(view, name.toLowerCase()) : empty(400)),
  },
];

function configuration({ service }: View, id: string): Answer {
  const spec = service.configs.get(id);
  return spec ? bean(toStored(spec)) : empty(404);
}
