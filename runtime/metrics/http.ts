/**
 * Counts and times the requests of an HTTP server, whatever serves them. Promises names out of a short list, whatever a client sends,
 * and to change nothing of an answer.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { countMember, type Metrics, time } from './metrics.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

export function countedRequests(metrics: Metrics, handle: RequestListener): RequestListener {
  return (request, response) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const method = METHODS.has(request.method ?? '') ? request.method?.toLowerCase() : 'other';
      countMember(metrics, 'api.requests.*', `${method}.${Math.floor(response.statusCode / 100)}xx`);
      if (!isPatient(request, response)) time(metrics, 'api.request', performance.now() - startedAt);
    });
    handle(request, response);
  };
}

/** How long it took is up to the client: a stream of events ends when its reader has enough, and others ask to be kept waiting. */
function isPatient({ url = '' }: IncomingMessage, response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream') || /[?&]wait=/.test(url);
}
