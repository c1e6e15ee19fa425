import { expect, test } from 'vitest';
import { logRing } from '../../../runtime/kit/log-ring.ts';

const note = (message: string, keys = {}) => ({ level: 'info', message, keys });

test('the newest lines are kept, oldest first, as the log has them', () => {
  const ring = logRing(() => 0, 2);
  expect(ring.text()).toBe('');
  ring.add(note('one'));
  expect(ring.text()).toBe('{"level":"info","time":"1970-01-01T00:00:00.000Z","msg":"one"}\n');
  ring.add(note('two', { task: 'data-0-node' }));
  ring.add(note('three'));
  const messages = ring
    .text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(messages).toMatchObject([{ msg: 'two', task: 'data-0-node' }, { msg: 'three' }]);
});

test('a line that is too long loses its end', () => {
  const ring = logRing(() => 0, 1);
  ring.add(note('x'.repeat(100_000)));
  expect(ring.text().length).toBeLessThan(5_000);
});
