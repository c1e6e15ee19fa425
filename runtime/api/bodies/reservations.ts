/** What the tasks hold on each agent (http-api 9.4). Promises what the records say, whatever Mesos thinks of it. */
import { footprintIds } from '../../core/offer/reserved.ts';
import type { Service } from '../../core/state.ts';
import { labelOf } from '../../core/tasks/record.ts';

/** Resource ids by the agent's host name, both sorted. */
export function reservationsBody({ tasks }: Service): Readonly<Record<string, readonly string[]>> {
  const byHost = new Map<string, Set<string>>();
  for (const { info } of tasks.values()) {
    const host = labelOf(info, 'offer_hostname') ?? 'UNKNOWN_AGENT';
    const known = byHost.get(host) ?? new Set();
    byHost.set(host, known);
    for (const id of footprintIds(info)) known.add(id);
  }
  const hosts = [...byHost].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(hosts.map(([host, ids]) => [host, [...ids].sort()]));
}
