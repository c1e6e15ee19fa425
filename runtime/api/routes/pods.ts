/** `/v1/pod`: the pod instances, and what an operator does to one. */
import type { Reply } from '../../core/command.ts';
import { type Answer, bean, compact, empty, notFound } from '../answer.ts';
import { podBody, podInfo, podNames, podsBody } from '../bodies/pods.ts';
import { listOfTexts } from '../payload.ts';
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
    read: (view, { name }) => {
      const body = podInfo(view, name);
      return body ? bean(body) : notFound(`Pod ${name}`);
    },
  },
  onPod('restart', 'pod-restart'),
  onPod('replace', 'pod-replace'),
  onTasks('pause', 'pod-pause'),
  onTasks('resume', 'pod-resume'),
];

function onPod(verb: string, kind: 'pod-restart' | 'pod-replace'): Route {
  return {
    method: 'POST',
    path: `/v1/pod/:name/${verb}`,
    order: ({ service }, { name: pod }) => ({ command: { kind, service: service.name, pod }, answer: ended }),
  };
}

/** The body may name some of the instance's tasks. */
function onTasks(verb: string, kind: 'pod-pause' | 'pod-resume'): Route {
  return {
    method: 'POST',
    path: `/v1/pod/:name/${verb}`,
    order: ({ service }, ask) => {
      const tasks = listOfTexts(ask);
      if (!tasks.ok) return empty(400);
      return { command: { kind, service: service.name, pod: ask.name, tasks: tasks.value }, answer: ended };
    },
  };
}

/** What a command to a pod instance is answered. */
export function ended(reply: Reply): Answer {
  switch (reply.kind) {
    case 'pod':
      return compact({ pod: reply.pod, tasks: reply.tasks });
    case 'not-found':
      return notFound(reply.what);
    default:
      return empty(500);
  }
}
