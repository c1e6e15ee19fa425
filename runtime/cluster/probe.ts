/**
 * HTTP and TCP checks, asked as Mesos' default executor does: at 127.0.0.1, and without looking at a certificate (trace 06).
 * Promises one answer within the time given; it never throws.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import type { CheckResult, Probe } from './agent-contract.ts';

const host = '127.0.0.1';

/** The status code of a GET, or nothing when there was no answer; `timeoutMs` 0 means without limit. */
export function askHttp(
  { scheme, port, path }: Extract<Probe, { kind: 'http' }>,
  timeoutMs: number,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const request = scheme === 'https' ? requestHttps : requestHttp;
    const options = { host, port, path, agent: false, rejectUnauthorized: false, ...limit(timeoutMs) };
    const asked = request(options, (response) => {
      response.destroy();
      resolve(response.statusCode === undefined ? {} : { statusCode: response.statusCode });
    });
    asked.on('error', () => resolve({})).end();
  });
}

/** Whether somebody listens; nothing when the time was over first. */
export function askTcp(port: number, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const { signal } = limit(timeoutMs);
    const socket = connect({ host, port });
    const end = (result: CheckResult) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end({ succeeded: true }));
    socket.once('error', () => end({ succeeded: false }));
    signal?.addEventListener('abort', () => end({}));
  });
}

function limit(timeoutMs: number): { signal?: AbortSignal } {
  return timeoutMs > 0 ? { signal: AbortSignal.timeout(timeoutMs) } : {};
}
