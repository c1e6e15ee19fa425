/** `/v1/pod/<pod>/why`: what a pod instance waits for, agent by agent. */
import { compact, notFound } from '../answer.ts';
import { whyBody } from '../bodies/why.ts';
import type { Route } from '../route.ts';

export const whyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/pod/:name/why',
    read: (view, { name }) => {
      const body = whyBody(view, name);
      return body ? compact(body) : notFound(`Pod ${name}`);
    },
  },
];
