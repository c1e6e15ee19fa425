import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { forward } from '../../../runtime/metrics/forward.ts';
import { count, newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';

const metrics = newMetrics(() => 0);
count(metrics, 'declines.long', 15);
const take = async () => snapshotOf(metrics, new Map([['plan_status.deploy', 2]]));

let stop = () => {};
let server: Socket | undefined;
afterEach(() => {
  vi.useRealTimers();
  stop();
  server?.close();
  server = undefined;
});

async function listening(): Promise<{ port: number; socket: Socket }> {
  const socket = createSocket('udp4');
  server = socket;
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, socket };
}

test('every value is a datagram of its own, again and again', async () => {
  const { port, socket } = await listening();
  const told: string[] = [];
  const received: string[] = [];
  const enough = new Promise<void>((resolve) => {
    socket.on('message', (message) => {
      received.push(message.toString());
      if (received.length === 6) resolve();
    });
  });
  stop = forward({ host: 'localhost', port, everyMs: 1 }, take, ({ message, keys }) =>
    told.push(keys['why'] ?? message),
  );
  await enough;
  expect(received.slice(0, 2)).toEqual(['plan_status.deploy:2|g', 'declines.long:15|g']);
  expect(new Set(received).size).toBe(2);
  expect(told).toEqual([]);
});

test('a host that has no address is told once, however often it is tried', async () => {
  const told: string[] = [];
  let rounds = 0;
  await new Promise<void>((resolve) => {
    const counted = () => {
      if (++rounds === 3) resolve();
      return take();
    };
    stop = forward({ host: 'nowhere.invalid', port: 8125, everyMs: 1 }, counted, ({ message, keys }) =>
      told.push(keys['why'] ?? message),
    );
  });
  expect(told).toEqual([expect.stringContaining('nowhere.invalid')]);
});

test('numbers that could not be taken are no trouble any more once they can', async () => {
  const { port, socket } = await listening();
  const told: string[] = [];
  let rounds = 0;
  const failing = () => (rounds++ < 3 ? Promise.reject(new Error('no numbers')) : take());
  stop = forward({ host: '127.0.0.1', port, everyMs: 1 }, failing, ({ message, keys }) =>
    told.push(keys['why'] ?? message),
  );
  await once(socket, 'message');
  await once(socket, 'message');
  await once(socket, 'message');
  expect(told).toEqual(['no numbers', 'metrics are sent to StatsD again']);
});

test('a round that hangs is not joined by the next', async () => {
  const { port, socket } = await listening();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let rounds = 0;
  let release = () => {};
  const hang = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = async () => {
    rounds++;
    await hang;
    return take();
  };
  stop = forward({ host: '127.0.0.1', port, everyMs: 1 }, slow, () => {});
  await vi.advanceTimersByTimeAsync(100);
  expect(rounds).toBe(1);
  vi.useRealTimers();
  release();
  await once(socket, 'message');
});
