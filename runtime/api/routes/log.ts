/** `/v1/debug/log`: the newest lines of the scheduler's log. Promises the lines as they are, at all times of the service's life. */
import { Router } from 'express';

/** `text` gives the lines, oldest first. */
export function logRouter(text: () => string): Router {
  const router = Router({ caseSensitive: true });
  router.get('/v1/debug/log', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send(text());
  });
  return router;
}
