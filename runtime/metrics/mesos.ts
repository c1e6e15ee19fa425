/** Counts what a master says and what is said to it (http-api 8.1). Promises to look only; costs a few look-ups each. */
import type { Call, MesosEvent } from '../kit/mesos-call.ts';
import { count, countMember, type Metrics } from './metrics.ts';

/** A decline while there is work is for seconds, one without for an hour. */
const LONG_DECLINE_SECONDS = 60;

export function countEvent(metrics: Metrics, event: MesosEvent): void {
  countMember(metrics, 'mesos.events.*', event.type);
  switch (event.type) {
    case 'OFFERS':
      count(metrics, 'offers.received', event.offers.offers?.length ?? 0);
      return;
    case 'UPDATE':
      countMember(metrics, 'task_status.*', event.update.status.state);
      return;
    case 'UPDATE_OPERATION_STATUS':
      countMember(metrics, 'operation_status.*', event.update_operation_status.status.state);
      return;
    default:
  }
}

export function countCall(metrics: Metrics, call: Call): void {
  countMember(metrics, 'mesos.calls.*', call.type);
  switch (call.type) {
    case 'ACCEPT':
      count(metrics, 'offers.processed', call.accept.offer_ids.length);
      for (const { type } of call.accept.operations ?? []) countMember(metrics, 'operation.*', type);
      return;
    case 'DECLINE': {
      const { offer_ids, filters } = call.decline;
      const isLong = (filters?.refuse_seconds ?? 0) >= LONG_DECLINE_SECONDS;
      count(metrics, 'offers.processed', offer_ids.length);
      count(metrics, isLong ? 'declines.long' : 'declines.short', offer_ids.length);
      return;
    }
    case 'REVIVE':
      count(metrics, 'revives');
      return;
    case 'SUPPRESS':
      count(metrics, 'suppresses');
      return;
    default:
  }
}
