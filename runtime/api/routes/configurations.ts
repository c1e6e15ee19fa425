/** `/v1/configurations`: the stored service specifications, among them the target. Promises that their secrets are masked. */
import { isUuid } from '../../kit/digest.ts';
import { shownSpec } from '../../spec/shown.ts';
import { toStored } from '../../spec/stored/service.ts';
import { type Answer, bean, compact, empty } from '../answer.ts';
import { secretsIn } from '../bodies/secrets.ts';
import type { Route, View } from '../route.ts';

export const configurationRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/configurations', read: ({ service }) => compact([...service.configs.keys()]) },
  { method: 'GET', path: '/v1/configurations/targetId', read: ({ service }) => compact([service.targetId]) },
  { method: 'GET', path: '/v1/configurations/target', read: (view) => configuration(view, view.service.targetId) },
  {
    method: 'GET',
    path: '/v1/configurations/:name',
    read: (view, { name }) => (isUuid(name) ? configuration(view, name.toLowerCase()) : empty(400)),
  },
];

function configuration({ state, service }: View, id: string): Answer {
  const spec = service.configs.get(id);
  return spec ? bean(toStored(shownSpec(spec, secretsIn(state, service)))) : empty(404);
}
