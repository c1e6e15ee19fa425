/** The codec against what a real Mesos master said and understood: recorded bytes, and what they mean. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';
import { decodeCall, decodeEvent, encodeCall, encodeEvent, type Media } from '../../runtime/mesos/codec.ts';

interface Step {
  body?: Call;
  body_base64?: string;
  event?: MesosEvent;
  record_base64?: string;
}

/** The traces whose steps carry the protobuf bytes beside the JSON. */
const folder = new URL('traces/', import.meta.url);
const traces = readdirSync(folder)
  .filter((name) => name.endsWith('-protobuf.json'))
  .map((name) => {
    const { steps } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { steps: Step[] };
    const calls = steps.filter((step) => step.body_base64).map((step) => [step.body!, step.body_base64!] as const);
    const events = steps
      .filter((step) => step.record_base64)
      .map((step) => [step.event!, step.record_base64!] as const);
    return { name, calls, events };
  });

test('all recorded pairs of JSON and bytes are here', () => {
  expect(traces.flatMap(({ calls, events }) => [...calls, ...events])).toHaveLength(264);
});

// Byte for byte, because both sides write fields in the order of their numbers and no recorded message holds a map, whose
// order is free.
describe.each(traces)('$name', ({ calls, events }) => {
  test('every call means what was sent, and is written as it was sent', () => {
    for (const [call, base64] of calls) {
      expect(decodeCall(Buffer.from(base64, 'base64'), 'application/x-protobuf')).toEqual(withoutEmptyLists(call));
      expect(Buffer.from(encodeCall(call, 'application/x-protobuf')).toString('base64')).toBe(base64);
    }
  });

  test('every event means what the master said, and is written as the master writes', () => {
    for (const [event, base64] of events) {
      expect(decodeEvent(Buffer.from(base64, 'base64'), 'application/x-protobuf')).toStrictEqual(event);
      expect(Buffer.from(encodeEvent(event, 'application/x-protobuf')).toString('base64')).toBe(base64);
    }
  });

  test.each<Media>(['application/json', 'application/x-protobuf'])('nothing is lost on a way through %s', (media) => {
    for (const [call] of calls)
      expect(withoutEmptyLists(decodeCall(encodeCall(call, media), media))).toEqual(withoutEmptyLists(call));
    for (const [event] of events) expect(decodeEvent(encodeEvent(event, media), media)).toStrictEqual(event);
  });
});

/** Protobuf knows no difference between an empty list and none; the recorder wrote some (an implicit RECONCILE). */
function withoutEmptyLists<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, field) => (Array.isArray(field) && field.length === 0 ? undefined : field)),
  );
}
