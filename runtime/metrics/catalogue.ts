/**
 * What is counted and what each number means. Promises that a number has a sentence: what is not in here cannot be counted. Names
 * that the field knows are the field's (http-api 8.1).
 */

/** A name that stands for a family (`operation.launch` is of `operation`) is spelt without what varies. */
const HELP = {
  'offers.received': 'Offers received.',
  'offers.processed': 'Offers accepted or declined.',
  'offers.process': 'Time to decide about all that had arrived.',
  'offers.held': 'Offers kept for a moment, for the next step of a plan.',
  revives: 'REVIVE calls: more offers are wanted.',
  'revives.throttles': 'REVIVE calls that had to wait, for the last one was only just now.',
  suppresses: 'SUPPRESS calls: no offers are wanted.',
  is_suppressed: 'No offers are wanted.',
  'declines.short': 'Offers declined for seconds, while a plan has steps left.',
  'declines.long': 'Offers declined for an hour, as there is nothing to do.',
  operation: 'Offer operations asked for, by type.',
  operation_status: 'Operation status updates received, by state.',
  task_status: 'Task status updates received, by state.',
  plan_status: 'State of a plan: -1 error, 0 complete, 1 pending, waiting or delayed, 2 being worked on.',
  is_subscribed: 'Mesos has accepted our subscription, and it lives.',
  'mesos.events': 'Events received, by type.',
  'mesos.calls': 'Calls made, by type.',
  'mesos.call': 'Time from posting a call to the answer of the master.',
  'mesos.disconnects': 'Subscriptions, or attempts to subscribe, that came to an end.',
  'store.commit': 'Time until a transaction was durable.',
  'store.commit.writes': 'Nodes written in one transaction.',
  'store.commit.bytes': 'Bytes written in one transaction.',
  'queue.events': 'Events and commands that no decision has been made about yet.',
  'queue.calls': 'Calls that the master has not answered yet.',
  'api.request': 'Time to answer an API request, but for streams and those that ask to wait.',
  'api.requests': 'API requests answered, by method and class of status.',
  'event_loop.delay': 'By how much timers were late at worst, one value a second.',
} as const;

export type Documented = keyof typeof HELP;
/** One of them, or a member of a family. */
export type MetricName = Documented | `${Documented}.${string}`;

/** What a number means, in a sentence; of a family, what its members have in common. */
export function helpOf(name: string): string {
  for (let known = name; ; known = known.slice(0, known.lastIndexOf('.'))) {
    if (Object.hasOwn(HELP, known)) return HELP[known as Documented];
    if (!known.includes('.')) return name;
  }
}

/** Every name, and every family as `operation.*`. */
export const documented: readonly string[] = Object.keys(HELP);
