import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { guarded, TOKENS, tokensFile } from './guarded.ts';

const operator = { authorization: `Bearer ${TOKENS.alice}` };
const SAID = 'operator command';

async function audited(...what: Parameters<Awaited<ReturnType<typeof guarded>>['ask']>) {
  const { ask, notes } = await guarded({ tokensFile: tokensFile() });
  await ask(...what);
  await eventually(() => expect(notes.filter(({ message }) => message === SAID)).toHaveLength(1));
  return notes.find(({ message }) => message === SAID)!;
}

test('a write is one line: who, what and the answer', async () => {
  expect(await audited('POST', '/v1/plans/deploy/interrupt?phase=world', operator)).toEqual({
    level: 'info',
    message: SAID,
    keys: {
      who: 'alice',
      by: 'token',
      address: '127.0.0.1',
      method: 'POST',
      path: '/v1/plans/deploy/interrupt',
      query: 'phase=world',
      status: 200,
    },
  });
});

test('a write that is refused is one line too, and says that the proxy spoke for somebody', async () => {
  const shown = { authorization: `Bearer ${TOKENS.grafana}`, 'x-forwarded-for': '203.0.113.9' };
  expect(await audited('POST', '/v1/pod/hello-0/replace', shown)).toMatchObject({
    level: 'warn',
    keys: { who: 'grafana', by: 'token', forwardedFor: '203.0.113.9', path: '/v1/pod/hello-0/replace', status: 403 },
  });
  expect(await audited('POST', '/v1/pod/hello-0/replace')).toMatchObject({ keys: { who: 'unknown', status: 401 } });
  const wrong = { authorization: 'Bearer nobodys' };
  expect(await audited('POST', '/v1/pod/hello-0/replace', wrong)).toMatchObject({ keys: { who: 'unknown token' } });
});

test('of what a plan was started with, only the names are kept', async () => {
  const body = JSON.stringify({ PASSWORD: 'hunter22', NAME: 'monday' });
  const json = { ...operator, 'content-type': 'application/json' };
  const note = await audited('POST', '/v1/plans/backup/start?token=hunter22', json, body);
  expect(note.keys).toMatchObject({ parameters: 'PASSWORD NAME', query: 'token=********', status: 404 });
  expect(JSON.stringify(note)).not.toContain('hunter22');
});

test('a line stays short, whatever was asked', async () => {
  const { keys } = await audited('POST', `/v1/pod/${'x'.repeat(5000)}/restart?${'y'.repeat(5000)}`, operator);
  expect(JSON.stringify(keys).length).toBeLessThan(1000);
});

test('reading leaves no line', async () => {
  const { ask, notes } = await guarded({ tokensFile: tokensFile() });
  await ask('GET', '/v1/plans', operator);
  await ask('GET', '/v1/plans');
  await ask('POST', '/v1/plans/deploy/continue', operator);
  await eventually(() => expect(notes.filter(({ message }) => message === SAID)).toHaveLength(1));
});
