/**
 * Counts and times the requests of an HTTP server, whatever serves them. Promises names out of a short list, whatever a client sends,
 * and to change nothing of an answer.
 */
import type { RequestListener } from 'node:http';
import { count, type Metrics, time } from './metrics.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

export function countedRequests(metrics: Metrics, handle: RequestListener): RequestListener {
  return (request, response) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const method = METHODS.has(request.method ?? '') ? request.method?.toLowerCase() : 'other';
      count(metrics, `api.requests.${method}.${Math.floor(response.statusCode / 100)}xx`);
      // A stream of events ends when its reader has enough.
      const type = String(response.getHeader('content-type') ?? '');
      if (!type.startsWith('text/event-stream')) time(metrics, 'api.request', performance.now() - startedAt);
    });
    handle(request, response);
  };
}
