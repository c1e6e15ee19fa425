import { describe, expect, test } from 'vitest';
import { diff } from '../../../runtime/core/target/diff.ts';
import { preview } from '../../../runtime/core/target/preview.ts';
import { pod, service, task } from './service.ts';

const base = service(
  pod('web', { count: 2 }),
  pod('data', { count: 3, allowDecommission: true, tasks: [task('server'), task('backup', { goal: 'ONCE' })] }),
);
const running = new Set(['web-0', 'web-1', 'data-0', 'data-1', 'data-2']);

describe('the difference of two configurations', () => {
  test('none', () => expect(diff(base, structuredClone(base))).toEqual([]));

  test('a field deep inside, by the names an author knows', () => {
    const next = service(
      base.pods[0]!,
      pod('data', { ...base.pods[1], tasks: [task('server'), task('backup', { goal: 'FINISH' })] }),
    );
    expect(diff(base, next)).toEqual([{ path: 'pods.data.tasks.backup.goal', from: '"ONCE"', to: '"FINISH"' }]);
  });

  test('a pod type in front of the others is one that is new, not a change of all', () => {
    const next = service(pod('first'), ...base.pods);
    expect(diff(base, next).every((change) => change.path.startsWith('pods.first.') && change.from === undefined)).toBe(
      true,
    );
  });

  test('a field that is gone', () => {
    const placed = service(
      pod('web', { count: 2, placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 } }),
      base.pods[1]!,
    );
    expect(diff(placed, base).map(({ path, to }) => [path, to])).toEqual([['pods.web.placement', undefined]]);
  });
});

describe('the dry run before a change', () => {
  test('the same definition: nothing to do', () => {
    expect(preview(base, structuredClone(base), [], running)).toEqual({
      changes: [],
      refused: [],
      restarted: [],
      launched: [],
      removed: [],
    });
  });

  test('another command restarts the instances of its pod type, in the order of the plan', () => {
    const web = pod('web', { count: 2, tasks: [task('server', { command: 'sleep 1' })] });
    const result = preview(base, service(web, base.pods[1]!), [], running);
    expect(result.restarted).toEqual(['web-0', 'web-1']);
    expect([result.launched, result.removed]).toEqual([[], []]);
  });

  test('more instances are launched, fewer are removed from the top', () => {
    const next = service(pod('web', { count: 3 }), pod('data', { ...base.pods[1], count: 1 }));
    const result = preview(base, next, [], running);
    expect(result.launched).toEqual(['web-2']);
    expect(result.removed).toEqual(['data-2', 'data-1']);
    expect(result.restarted).toEqual([]);
  });

  test('what is refused is said, and nothing else would happen', () => {
    const result = preview(base, service(pod('web', { count: 1 }), base.pods[1]!), [], running);
    expect(result.refused).toHaveLength(1);
    expect([result.restarted, result.launched, result.removed]).toEqual([[], [], []]);
  });

  test('the order is that of the plan in the file', () => {
    const web = pod('web', { count: 2, tasks: [task('server', { command: 'sleep 1' })] });
    const data = pod('data', { ...base.pods[1], tasks: [task('server', { command: 'sleep 1' })] });
    const phases = [
      { name: 'second', pod: 'data', strategy: 'parallel' as const },
      { name: 'first', pod: 'web', strategy: 'serial' as const },
    ];
    const result = preview(base, service(web, data), [{ name: 'deploy', strategy: 'serial', phases }], running);
    expect(result.restarted).toEqual(['data-0', 'data-1', 'data-2', 'web-0', 'web-1']);
  });

  test('a first deployment launches everything', () => {
    expect(preview(undefined, base, [], new Set()).launched).toEqual(['web-0', 'web-1', 'data-0', 'data-1', 'data-2']);
  });
});
