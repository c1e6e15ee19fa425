import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diff } from '../../../runtime/core/target/diff.ts';
import { shownChanges } from '../../../runtime/core/target/shown.ts';
import { MASK } from '../../../runtime/kit/mask.ts';
import { secretsOf, shownSpec, unmasked } from '../../../runtime/spec/shown.ts';
import { toStored } from '../../../runtime/spec/stored/service.ts';
import { anyService } from '../../support/any-service.ts';
import { parsed } from './definitions.ts';

const shop = (password: string, pin = '4711', heap = '1g') =>
  parsed(`
name: shop
masked-env: [ADMIN_PIN]
pods:
  web:
    count: 1
    uris: ['https://bob:${password}@files.example.com/web.tgz']
    tasks:
      node:
        goal: RUNNING
        cmd: ./web --password ${password}
        cpus: 0.5
        labels: 'api-token:of-the-label'
        env: { DB_PASSWORD: '${password}', ADMIN_PIN: '${pin}', HEAP: ${heap} }
        health-check: { cmd: ./check ${password}, interval: 5, grace-period: 30, max-consecutive-failures: 3, delay: 0, timeout: 10 }
`);

test('variables, labels, commands and addresses are shown without their secrets', () => {
  const spec = shop('correct-horse');
  const { pods } = shownSpec(spec, secretsOf([spec], []));
  expect(pods[0]).toMatchObject({
    uris: [`https://bob:${MASK}@files.example.com/web.tgz`],
    tasks: [
      {
        command: `./web --password ${MASK}`,
        labels: { 'api-token': MASK },
        environment: { DB_PASSWORD: MASK, ADMIN_PIN: MASK, HEAP: '1g' },
        healthCheck: { command: `./check ${MASK}` },
      },
    ],
  });
});

test('a secret that only the scheduler was given is hidden too', () => {
  const spec = parsed(
    '{ name: s, pods: { a: { count: 1, tasks: { n: { goal: RUNNING, cmd: run sesame-open, cpus: 1 } } } } }',
  );
  expect(shownSpec(spec, secretsOf([spec], ['sesame-open'])).pods[0]?.tasks[0]?.command).toBe(`run ${MASK}`);
});

test('a difference tells that a secret changed, not from what to what', () => {
  const [old, next] = [shop('correct-horse'), shop('battery-staple', '4712', '2g')];
  const changes = shownChanges(diff(old, next), secretsOf([old, next], []));
  const secret = { from: MASK, to: MASK };
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: 'pods.web.tasks.node.environment.DB_PASSWORD', ...secret },
      { path: 'pods.web.tasks.node.environment.ADMIN_PIN', ...secret },
      { path: 'pods.web.tasks.node.environment.HEAP', from: '"1g"', to: '"2g"' },
    ]),
  );
  expect(JSON.stringify(changes)).not.toMatch(/horse|staple|471/);
});

test('what was masked counts as unchanged, and nothing else does', () => {
  const [running, next] = [shop('correct-horse'), shop('battery-staple', '4712', '2g')];
  const secrets = secretsOf([next], []);
  const told = shownSpec(running, secretsOf([running], []));
  expect(diff(unmasked(told, next, secrets), next).map(({ path }) => path)).toEqual([
    'pods.web.tasks.node.environment.HEAP',
  ]);
});

test('with the real one at hand, a spec that was shown is that again, and has the same shape all the while', () => {
  const shapeOf = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, member) => (typeof member === 'string' ? 'text' : member)));
  fc.assert(
    fc.property(anyService, fc.array(fc.string({ minLength: 8 })), (spec, texts) => {
      const secrets = secretsOf([spec], texts);
      const shown = shownSpec(spec, secrets);
      expect(shapeOf(toStored(shown))).toEqual(shapeOf(toStored(spec)));
      expect(unmasked(shown, spec, secrets)).toEqual(spec);
    }),
  );
});
