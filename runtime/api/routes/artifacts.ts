/** `/v1/artifacts`: what agents fetch into sandboxes. Promises the stored text byte for byte, under the configuration that is asked for. */
import { bootstrapScript } from '../../bootstrap/script.ts';
import { isUuid } from '../../kit/digest.ts';
import { empty, text } from '../answer.ts';
import type { Route } from '../route.ts';

export const artifactRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/artifacts/bootstrap', read: () => text(200, bootstrapScript) },
  {
    method: 'GET',
    path: '/v1/artifacts/template/:configuration/:pod/:task/:name',
    read: ({ service }, { name, parts }) => {
      const { configuration = '', pod, task } = parts;
      if (!isUuid(configuration)) return empty(400);
      const template = service.configs
        .get(configuration.toLowerCase())
        ?.pods.find(({ type }) => type === pod)
        ?.tasks.find((spec) => spec.name === task)
        ?.configs.find((config) => config.name === name)?.template;
      return template === undefined ? empty(404) : text(200, template);
    },
  },
];
