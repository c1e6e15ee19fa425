/** `/v1/state/zone`: in which zone a task is, for tasks that ask about their neighbours (http-api 6). */
import type { TaskRecord } from '../../core/state.ts';
import { labelOf, podOf } from '../../core/tasks/record.ts';
import { type Answer, compact, empty, text } from '../answer.ts';
import { addressesOf } from '../bodies/endpoints.ts';
import type { Route } from '../route.ts';

export const zoneRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/state/zone/tasks',
    read: ({ service }) => {
      const zones = [...service.tasks].map(([name, record]) => [name, zoneOf(record)] as const);
      return compact(Object.fromEntries(zones.sort(([a], [b]) => (a < b ? -1 : 1))));
    },
  },
  {
    method: 'GET',
    path: '/v1/state/zone/tasks/:name',
    read: ({ service }, { name }) => zone(service.tasks.get(name)),
  },
  {
    method: 'GET',
    path: '/v1/state/zone/:pod/:ip',
    read: ({ service }, { parts: { pod, ip = '' } }) => {
      const there = (record: TaskRecord) => podOf(record.info)?.type === pod && addressesOf(record).includes(ip);
      return zone([...service.tasks.values()].find((record) => zoneOf(record) !== undefined && there(record)));
    },
  },
];

function zone(record: TaskRecord | undefined): Answer {
  const name = record && zoneOf(record);
  return name === undefined ? empty(404) : text(200, name);
}

/** Undefined on an agent that says nothing of zones. */
function zoneOf({ info }: TaskRecord): string | undefined {
  return labelOf(info, 'offer_zone');
}
