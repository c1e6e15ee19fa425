import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openGuard } from '../../../../runtime/api/guard/guard.ts';
import { eventually } from '../../../support/eventually.ts';
import { entry, guarded, TOKENS, TWO, tokensFile } from './guarded.ts';

const alice = { authorization: `Bearer ${TOKENS.alice}` };
const bob = { authorization: 'Bearer bobs-s3cret' };

/** As a careful tool does it: at once. */
function replace(file: string, contents: string): void {
  writeFileSync(`${file}.new`, contents);
  renameSync(`${file}.new`, file);
}

test('a new token comes in and an old one does not, without a restart and without a request lost', async () => {
  const file = tokensFile();
  const { ask } = await guarded({ tokensFile: file });
  let [running, asked] = [true, 0];
  const grafana = { authorization: `Bearer ${TOKENS.grafana}` };
  const load = async () => {
    for (; running; asked++) expect((await ask('GET', '/v1/plans', grafana)).status).toBe(200);
  };
  const readers = [load(), load(), load()];
  expect((await ask('GET', '/v1/plans', bob)).status).toBe(401);
  replace(file, entry('bob', 'operate', 'bobs-s3cret') + entry('grafana', 'read', TOKENS.grafana));
  await eventually(async () => expect((await ask('GET', '/v1/plans', bob)).status).toBe(200));
  expect((await ask('GET', '/v1/plans', alice)).status).toBe(401);
  running = false;
  await Promise.all(readers);
  expect(asked).toBeGreaterThan(0);
});

test('a file that is broken or gone changes nothing, and is told; the next good one counts', async () => {
  const file = tokensFile();
  const { ask, notes } = await guarded({ tokensFile: file });
  const errors = () => notes.flatMap(({ level, keys }) => (level === 'error' ? [keys['error']] : []));
  writeFileSync(file, `${TWO}bob admin 00\n`);
  await eventually(() =>
    expect(errors()).toEqual([
      `API_TOKENS_FILE ${file} cannot be used:\n  line 3: the role of bob is neither read nor operate`,
    ]),
  );
  expect((await ask('GET', '/v1/plans', alice)).status).toBe(200);
  rmSync(file);
  await eventually(() => expect(errors().at(-1)).toBe(`API_TOKENS_FILE ${file} cannot be read: ENOENT`));
  expect((await ask('GET', '/v1/plans', alice)).status).toBe(200);
  writeFileSync(file, entry('bob', 'read', 'bobs-s3cret'));
  await eventually(async () => expect((await ask('GET', '/v1/plans', bob)).status).toBe(200));
});

test('who loses a token is shown out of a stream that never ends', async () => {
  const file = tokensFile();
  const { ask } = await guarded({ tokensFile: file });
  const stream = ask('GET', '/v1/events', alice).catch((error: Error) => error.message);
  replace(file, entry('bob', 'read', 'bobs-s3cret'));
  expect(await stream).toMatch(/aborted|hang up|reset/);
});

test('without a file that can be used there is no start', () => {
  const open = () => openGuard({ tokensFile: '/nowhere/tokens' }, () => {});
  expect(open).toThrow('API_TOKENS_FILE /nowhere/tokens cannot be read: ENOENT');
});
