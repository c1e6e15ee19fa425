/** The numbers of a small deployment, played by hand: what a master says, what is said to it, and how long things took. */
import type { Offer, TaskState } from '../../../runtime/kit/mesos.ts';
import type { Call, MesosEvent, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import type { Gauge } from '../../../runtime/metrics/catalogue.ts';
import { countCall, countEvent } from '../../../runtime/metrics/mesos.ts';
import { countMember, measure, newMetrics, type Snapshot, snapshotOf, time } from '../../../runtime/metrics/metrics.ts';

const id = (value: string) => ({ value });

const offer = (name: string): Offer => ({ id: id(name), framework_id: id('f'), agent_id: id('a'), hostname: 'host' });

const offers = (...names: string[]): MesosEvent => ({ type: 'OFFERS', offers: { offers: names.map(offer) } });

const status = (state: TaskState): MesosEvent => ({
  type: 'UPDATE',
  update: { status: { task_id: id('hello-0-server__1'), state } },
});

const LAUNCH: readonly OfferOperation[] = [
  { type: 'RESERVE', reserve: { resources: [] } },
  { type: 'CREATE', create: { volumes: [] } },
  {
    type: 'LAUNCH_GROUP',
    launch_group: { executor: { executor_id: id('e') }, task_group: { tasks: [] } },
  },
];

const accept = (name: string): Call => ({ type: 'ACCEPT', accept: { offer_ids: [id(name)], operations: [...LAUNCH] } });

const decline = (refuse_seconds: number, ...names: string[]): Call => ({
  type: 'DECLINE',
  decline: { offer_ids: names.map(id), filters: { refuse_seconds } },
});

const GAUGES = new Map<Gauge, number | boolean>([
  ['is_suppressed', false],
  ['is_subscribed', true],
  ['plan_status.deploy', 2],
  ['plan_status.recovery', 0],
  ['plan_status.on call', -1],
  ['plan_status.on-call', 1],
]);

/** Two tasks are launched, one offer is left over; one task fails and is launched again. */
export function played(): Snapshot {
  let now = 0;
  const metrics = newMetrics(() => now);
  const said: readonly (MesosEvent | Call)[] = [
    { type: 'SUBSCRIBED', subscribed: { framework_id: id('f') } },
    offers('o1', 'o2', 'o3'),
    accept('o1'),
    status('TASK_STARTING'),
    status('TASK_RUNNING'),
    accept('o2'),
    decline(5, 'o3'),
    status('TASK_RUNNING'),
    status('TASK_FAILED'),
    { type: 'REVIVE' },
    offers('o4', 'o5'),
    accept('o4'),
    status('TASK_RUNNING'),
    decline(3600, 'o5'),
    { type: 'SUPPRESS' },
    {
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: { status: { state: 'OPERATION_FINISHED' } },
    },
    { type: 'HEARTBEAT' },
  ];
  for (const [at, each] of said.entries()) {
    now = at * 1000;
    if (isCall(each)) {
      countCall(metrics, each);
      time(metrics, 'mesos.call', 2 + at / 4);
    } else countEvent(metrics, each);
    time(metrics, 'offers.process', 0.25 * at);
    measure(metrics, 'store.commit.bytes', 512 + at);
  }
  countMember(metrics, 'api.requests.*', 'get.2xx', 3);
  return snapshotOf(metrics, GAUGES);
}

function isCall(each: MesosEvent | Call): each is Call {
  return ['ACCEPT', 'DECLINE', 'REVIVE', 'SUPPRESS'].includes(each.type);
}
