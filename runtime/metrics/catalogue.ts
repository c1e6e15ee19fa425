/**
 * What is counted and what each number means. Promises that a number has a sentence: what is not in here cannot be counted. Names
 * that the field knows are the field's (http-api 8.1).
 */

/** By kind. `x.*` is a family: `operation.*` has the member `operation.launch_group`. */
export const catalogue = {
  gauges: {
    is_subscribed: 'Mesos has accepted our subscription, and it lives.',
    is_suppressed: 'No offers are wanted.',
    'offers.held': 'Offers kept for a moment, for the next step of a plan.',
    'plan_status.*': 'State of a plan: -1 error, 0 complete, 1 pending, waiting or delayed, 2 being worked on.',
    'queue.calls': 'Calls that the master has not answered yet.',
    'queue.events': 'Events and commands that no decision has been made about yet.',
  },
  counters: {
    'api.requests.*': 'API requests answered, by method and class of status.',
    'declines.long': 'Offers declined for an hour, as there is nothing to do.',
    'declines.short': 'Offers declined for seconds, while a plan has steps left.',
    'mesos.calls.*': 'Calls made, by type.',
    'mesos.disconnects': 'Subscriptions, or attempts to subscribe, that came to an end.',
    'mesos.events.*': 'Events received, by type.',
    'offers.processed': 'Offers accepted or declined.',
    'offers.received': 'Offers received.',
    'operation.*': 'Offer operations asked for, by type.',
    'operation_status.*': 'Operation status updates received, by state.',
    revives: 'REVIVE calls: more offers are wanted.',
    'revives.throttles': 'REVIVE calls that had to wait, for the last one was only just now.',
    suppresses: 'SUPPRESS calls: no offers are wanted.',
    'task_status.*': 'Task status updates received, by state.',
  },
  histograms: {
    'store.commit.bytes': 'Bytes written in one transaction.',
    'store.commit.writes': 'Nodes written in one transaction.',
  },
  timers: {
    'api.request': 'Time to answer an API request, but for streams and those that ask to wait.',
    'event_loop.delay': 'By how much timers were late at worst, one value a second.',
    'mesos.call': 'Time from posting a call to the answer of the master.',
    'offers.process': 'Time to decide about all that had arrived.',
    'store.commit': 'Time until a transaction was durable.',
  },
} as const;

type Named<Known> = Known extends `${infer Family}.*` ? `${Family}.${string}` : Known;
export type Gauge = Named<keyof typeof catalogue.gauges>;
export type Counter = Exclude<keyof typeof catalogue.counters, CounterFamily>;
export type CounterFamily = Extract<keyof typeof catalogue.counters, `${string}.*`>;
export type Histogram = keyof typeof catalogue.histograms;
export type Timer = keyof typeof catalogue.timers;

const HELP: ReadonlyMap<string, string> = new Map(Object.values(catalogue).flatMap((kind) => Object.entries(kind)));

/** What a number means, in a sentence; of a family, what its members have in common. */
export function helpOf(name: string): string {
  const help = HELP.get(name);
  if (help !== undefined) return help;
  const parts = name.split('.');
  const families = parts.map((_, at) => `${parts.slice(0, at).join('.')}.*`);
  return families.flatMap((family) => HELP.get(family) ?? [])[0] ?? name;
}
