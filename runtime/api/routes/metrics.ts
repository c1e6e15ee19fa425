/**
 * `/v1/metrics`: what the scheduler counts, for Dropwizard's readers and for Prometheus (http-api 8). Promises fresh numbers, at all
 * times of the service's life; makes none of them.
 */
import { type Request, type Response, Router } from 'express';
import { beanJson } from '../json.ts';

export interface Metrics {
  json(): Promise<unknown>;
  /** In its text format; only these names, or all if there are none. */
  prometheus(names: readonly string[]): Promise<string>;
}

const HEADERS = { 'Cache-Control': 'must-revalidate,no-cache,no-store' };

export function metricsRouter(metrics: Metrics): Router {
  const router = Router({ caseSensitive: true });
  const prometheus = async ({ query }: Request, response: Response) => {
    const names = [query['name[]'] ?? []].flat().map(String);
    const text = await metrics.prometheus(names);
    response.set({ ...HEADERS, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).send(text);
  };
  router.get('/v1/metrics', async ({ query }, response) => {
    const numbers = await metrics.json();
    const text = query['pretty'] === 'true' ? beanJson(numbers) : JSON.stringify(numbers);
    response.set(HEADERS).type('application/json').send(text);
  });
  router.route('/v1/metrics/prometheus').get(prometheus).post(prometheus);
  return router;
}
