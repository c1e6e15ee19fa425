import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSecretName, MASK, type Secrets, secretTexts, shownText, shownValue } from '../../../runtime/kit/mask.ts';

test.each([
  'PASSWORD',
  'db-password',
  'POSTGRES_PASSWD',
  'KEY_PASSPHRASE',
  'CLIENT_SECRET',
  'secretKey',
  'AUTH_TOKEN',
  'DCOS_SERVICE_ACCOUNT_CREDENTIAL',
  'TLS_PRIVATE_KEY',
  'AWS_ACCESS_KEY_ID',
  'ApiKey',
])('%s is the name of a secret', (name) => void expect(isSecretName(name)).toBe(true));

test.each(['PORT_CLIENT', 'KEYSPACE', 'PARTITION_KEY', 'MONKEY', 'PASS_COUNT', 'ADMIN_PIN'])(
  '%s is not, unless the author says so',
  (name) => {
    expect(isSecretName(name)).toBe(false);
    expect(isSecretName(name, new Set([name]))).toBe(true);
  },
);

const none: Secrets = { names: new Set(), texts: [] };

test.each([
  ['a secret', 'PASSWORD', 'x', MASK],
  ['a marked one', 'ADMIN_PIN', '4711', MASK],
  ['one without a value', 'PASSWORD', '', ''],
  ['another variable', 'LEVEL', 'info', 'info'],
  ['another variable that repeats a secret', 'URL', 'tcp://h?p=hunter22x', `tcp://h?p=${MASK}`],
  ['an address with a password', 'URL', 'amqp://bob:x@h:1/v', `amqp://bob:${MASK}@h:1/v`],
  ['an address with a password and no name', 'URL', 'redis://:x@h', `redis://:${MASK}@h`],
  ['an address without', 'URL', 'http://h:8080/a@b', 'http://h:8080/a@b'],
])('%s', (_, name, value, shown) => {
  expect(shownValue(name, value, { names: new Set(['ADMIN_PIN']), texts: ['hunter22x'] })).toBe(shown);
});

test('values that are too short are not looked for: they would be found everywhere', () => {
  expect(secretTexts({ A_TOKEN: '1234567', B_TOKEN: '12345678', LEVEL: 'information', C_SECRET: undefined })).toEqual([
    '12345678',
  ]);
});

test('a secret within a secret leaves nothing of either', () => {
  const texts = secretTexts({ A_TOKEN: 'inner-secret', B_TOKEN: 'the inner-secret one' });
  expect(shownText('--key="the inner-secret one" --other=inner-secret', { texts })).toBe(
    `--key="${MASK}" --other=${MASK}`,
  );
});

test('no text that is shown holds a secret, whatever stands around it', () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 20 })
    .filter((text) => !MASK.includes(text) && !text.includes('*'));
  fc.assert(
    fc.property(secret, fc.array(fc.string()), (text, around) => {
      expect(shownText(around.join(text), { texts: secretTexts({ TOKEN: text }) })).not.toContain(text);
    }),
  );
});

test('what has no secret is shown as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('://')),
      (text) => void expect(shownText(text, none)).toBe(text),
    ),
  );
});
