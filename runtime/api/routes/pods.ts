/** `/v1/pod`: the pod instances, and the two things an operator does to one. */
import type { Reply } from '../../core/command.ts';
import { type Answer, bean, compact, empty, notFound } from '../answer.ts';
import { podBody, podInfo, podNames, podsBody } from '../bodies/pods.ts';
import type { Route } from '../route.ts';

export const podRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/pod', read: ({ service }) => compact(podNames(service)) },
  { method: 'GET', path: '/v1/pod/status', read: ({ service }) => compact(podsBody(service)) },
  {
    method: 'GET',
    path: '/v1/pod/:name/status',
    read: ({ service }, { name }) => {
      const body = podBody(service, name);
      return body ? compact(body) : notFound(`Pod ${name}`);
    },
  },
  {
    method: 'GET',
    path: '/v1/pod/:name/info',
    read: ({ service }, { name }) => {
      const body = podInfo(service, name);
      return body ? bean(body) : notFound(`Pod ${name}`);
    },
  },
  asks('restart', 'pod-restart'),
  asks('replace', 'pod-replace'),
];

function asks(verb: string, kind: 'pod-restart' | 'pod-replace'): Route {
  return {
    method: 'POST',
    path: `/v1/pod/:name/${verb}`,
    command: (service, { name }) => ({ kind, service, pod: name }),
    answer: ended,
  };
}

function ended(reply: Reply): Answer {
  switch (reply.kind) {
    case 'pod':
      return compact({ pod: reply.pod, tasks: reply.tasks });
    case 'not-found':
      return notFound(reply.what);
    default:
      return empty(500);
  }
}
