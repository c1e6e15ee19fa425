/**
 * Mesos messages to bytes and back: protobuf and JSON carry the same plain objects of `kit/mesos.ts`. It promises that what it
 * decodes holds only what was set (no nulls, defaults or empty lists); it never fails for a field or enum value it does not know.
 */
import type { Id, TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { Call, CallType, MesosEvent } from '../kit/mesos-call.ts';
import { type MessageClass, mesos } from './generated.js';

export type Media = 'application/x-protobuf' | 'application/json';

/** What the store keeps as protobuf, under the names of their messages. */
export interface StoredMessages {
  TaskInfo: TaskInfo;
  TaskStatus: TaskStatus;
  FrameworkID: Id;
}

/** 64-bit integers become numbers: nanoseconds lose what JSON would lose too. */
const plain = { enums: String, bytes: String, longs: Number };

const { Call: CallMessage, Event: EventMessage } = mesos.v1.scheduler;

/** The field that a call of the type must carry; the bodies of REVIVE and SUPPRESS may be left out. */
const callBody = {
  SUBSCRIBE: 'subscribe',
  TEARDOWN: undefined,
  ACCEPT: 'accept',
  DECLINE: 'decline',
  REVIVE: undefined,
  SUPPRESS: undefined,
  KILL: 'kill',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
} satisfies Record<CallType, string | undefined>;

/** Likewise for events. Bodies of inverse offers are not read. */
const eventBody = {
  SUBSCRIBED: 'subscribed',
  OFFERS: 'offers',
  RESCIND: 'rescind',
  UPDATE: 'update',
  UPDATE_OPERATION_STATUS: 'update_operation_status',
  FAILURE: 'failure',
  ERROR: 'error',
  MESSAGE: 'message',
  HEARTBEAT: undefined,
  INVERSE_OFFERS: undefined,
  RESCIND_INVERSE_OFFER: undefined,
  UNKNOWN: undefined,
} satisfies Record<MesosEvent['type'], string | undefined>;

export function encodeCall(call: Call, media: Media): Uint8Array {
  return encode(CallMessage, call, media);
}

/** Throws, in the words of a Mesos master, when the bytes are no call or lack the body of their type (trace 17a). */
export function decodeCall(bytes: Uint8Array, media: Media): Call {
  const call = decode('Call', CallMessage, bytes, media);
  const { type } = call;
  if (type === undefined || type === 'UNKNOWN') throw new Error("Expecting 'type' to be present");
  if (!isKey(callBody, type)) throw new Error(`Calls of type ${type} are not supported`);
  expectBody(call, callBody[type]);
  return call as unknown as Call;
}

export function encodeEvent(event: MesosEvent, media: Media): Uint8Array {
  return encode(EventMessage, event, media);
}

/** A type we do not know is UNKNOWN, without a body. Throws when the bytes are no event or lack the body of their type. */
export function decodeEvent(bytes: Uint8Array, media: Media): MesosEvent {
  const event = decode('Event', EventMessage, bytes, media);
  if (!isKey(eventBody, event.type)) return { type: 'UNKNOWN' };
  expectBody(event, eventBody[event.type]);
  return event as unknown as MesosEvent;
}

/** The bytes of a stored message (protobuf, whatever the master speaks). */
export function encodeMessage<Name extends keyof StoredMessages>(name: Name, value: StoredMessages[Name]): Uint8Array {
  return encode(mesos.v1[name], value, 'application/x-protobuf');
}

/** Throws when the bytes are no message of this name. */
export function decodeMessage<Name extends keyof StoredMessages>(name: Name, bytes: Uint8Array): StoredMessages[Name] {
  return decode(name, mesos.v1[name], bytes, 'application/x-protobuf') as unknown as StoredMessages[Name];
}

function encode(message: MessageClass, value: object, media: Media): Uint8Array {
  if (media === 'application/json') return Buffer.from(JSON.stringify(value, writeInfinity));
  return message.encode(message.fromObject(value)).finish();
}

function decode(name: string, message: MessageClass, bytes: Uint8Array, media: Media): Record<string, unknown> {
  // A Buffer, because the reader of Buffers decodes text natively.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const value = media === 'application/json' ? parse(buffer) : message.toObject(message.decode(buffer), plain);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new Error('Expecting a JSON object');
  } catch (error) {
    throw new Error(`Failed to parse ${bytes.length} bytes of ${media} as ${name}: ${(error as Error).message}`);
  }
}

/** JSON has no infinity; Mesos writes it as text, and only the limits of a task may be infinite (trace 20). */
function writeInfinity(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'Infinity' : value;
}

function parse(buffer: Buffer): unknown {
  const text = buffer.toString();
  return text.includes('"Infinity"') ? JSON.parse(text, readInfiniteLimits) : JSON.parse(text);
}

function readInfiniteLimits(key: string, value: unknown): unknown {
  if (key !== 'limits') return value;
  for (const limit of Object.values(value as NonNullable<TaskInfo['limits']>)) limit.value = Number(limit.value);
  return value;
}

function expectBody(message: Record<string, unknown>, field: string | undefined): void {
  if (field !== undefined && message[field] === undefined) throw new Error(`Expecting '${field}' to be present`);
}

function isKey<T extends object>(table: T, key: unknown): key is keyof T {
  return typeof key === 'string' && Object.hasOwn(table, key);
}
