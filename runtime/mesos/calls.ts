/**
 * The calls after SUBSCRIBE. Promises that the master sees them in the order they were sent: a master processes connections
 * side by side (trace 08), so each call waits for the answer to the one before. A call whose answer was lost is never sent
 * again: nobody knows whether it was carried out.
 */
import type { Call } from '../kit/mesos-call.ts';
import { encodeCall } from './codec.ts';
import { clientOf, messageOf, postCall, textOf, type Wire } from './http.ts';
import type { Subscription } from './subscription.ts';

/** Waiting calls beyond this (some 400,000 acknowledgements) mean that the master no longer keeps up. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface Outcome {
  /** The master accepted a call, after so many milliseconds. */
  readonly accepted: (ms: number) => void;
  /** It did not; told with the call and the answer. */
  readonly fail: (reason: string) => void;
}

/** Returns the function that sends. */
export function orderedCalls(
  { master, streamId }: Subscription,
  wire: Wire,
  { accepted, fail }: Outcome,
): (call: Call) => void {
  const client = clientOf(master, wire.timeoutMs, wire);
  let waitingBytes = 0;
  let last: Promise<void> = Promise.resolve();

  async function post(type: string, body: Uint8Array): Promise<void> {
    const startedAt = performance.now();
    try {
      const answer = await postCall(client, wire, body, { 'mesos-stream-id': streamId });
      if (answer.statusCode !== 202 && answer.statusCode !== 200) {
        fail(`${master} refused ${type}: ${await textOf(answer)}`);
        return;
      }
      await answer.body.dump();
      accepted(performance.now() - startedAt);
    } catch (error) {
      fail(`no answer of ${master} to ${type}: ${messageOf(error)}`);
    }
  }

  return (call) => {
    const body = encodeCall(call, wire.media);
    waitingBytes += body.length;
    if (waitingBytes > MAX_WAITING_BYTES) return fail(`${waitingBytes} bytes of calls wait for ${master}`);
    last = last
      .then(() => post(call.type, body))
      .then(() => {
        waitingBytes -= body.length;
      });
  };
}
