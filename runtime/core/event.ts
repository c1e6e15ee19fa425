/**
 * Everything that can happen to the scheduler. A frame consumes a batch of these, in order. Promises plain data; whatever comes
 * from Mesos carries the number of its subscription, so that what belongs to an old one is dropped.
 */
import type { DomainInfo, Offer, OperationStatus, TaskStatus } from '../kit/mesos.ts';
import type { Command } from './command.ts';

export type Event =
  /** A new event stream is up. Offers of earlier ones are void; every task and operation in flight must be asked about. */
  | { kind: 'subscribed'; subscription: number; frameworkId: string; masterDomain?: DomainInfo }
  /** The event stream is gone. Nothing can be said to Mesos until the next `subscribed`. */
  | { kind: 'lost'; subscription: number }
  | { kind: 'offers'; subscription: number; offers: readonly Offer[] }
  | { kind: 'rescind'; subscription: number; offerId: string }
  | { kind: 'status'; subscription: number; status: TaskStatus }
  | { kind: 'operation'; subscription: number; status: OperationStatus }
  /** An operator asks; the reply carries the same id. */
  | { kind: 'command'; id: number; command: Command }
  /** An order was fulfilled, or could not be for this reason. */
  | { kind: 'order'; id: string; reason?: string }
  /** Mesos says that the framework is gone; only an uninstall takes that for an answer. */
  | { kind: 'removed' }
  /** Only time has passed. */
  | { kind: 'tick' };
