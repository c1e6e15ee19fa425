/**
 * `GET /v1/events`: the feed as server-sent events, each one JSON object of documents by key. Promises a slow reader the newest of
 * each document and never a backlog, and a sign of life when nothing changes.
 */
import type { Request, Response } from 'express';
import type { Feed } from './feed.ts';

/** A comment is sent as often: proxies keep the connection, and the page knows that the scheduler is there. */
export const PULSE_MS = 10_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  // nginx, and with it Admin Router, would collect what is meant to arrive now.
  'X-Accel-Buffering': 'no',
};

export function events(feed: Feed): (request: Request, response: Response) => void {
  return (request, response) => {
    response.set(HEADERS);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    const unsent = new Map<string, string>();
    const flush = () => {
      if (unsent.size === 0 || response.writableNeedDrain) return;
      const members = [...unsent].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
      unsent.clear();
      response.write(`data: {${members.join(',')}}\n\n`);
    };
    const unfollow = feed.follow({
      send(changes) {
        for (const [key, text] of changes) unsent.set(key, text);
        flush();
      },
      end: () => void response.end(),
    });
    const pulse = setInterval(() => {
      if (!response.writableNeedDrain) response.write(':\n\n');
    }, PULSE_MS);
    response.on('drain', flush).on('close', () => {
      unfollow();
      clearInterval(pulse);
    });
  };
}
