/** `/v1/state`: properties, files and zones. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { newDraft } from '../../../runtime/core/draft.ts';
import { FILE_PREFIX, runFileCommand } from '../../../runtime/core/file-command.ts';
import { checkPath } from '../../../runtime/store/path.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const TEXT = 'text/plain; charset=utf-8';
const none = { type: null, body: '' };

function formWith(content: string | Uint8Array, part = 'file'): FormData {
  const form = new FormData();
  form.append(part, new Blob([content]), 'any.name');
  return form;
}

async function put(name: string, body: FormData | string, headers = {}) {
  const response = await fetch(`${served?.url}/v1/state/files/${name}`, { method: 'PUT', body, headers });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

describe('a file', () => {
  test('is stored, listed and read back', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    expect(await served.get('/v1/state/files')).toEqual({ status: 200, type: TEXT, body: '[]' });
    expect(await put('b.txt', formWith('second\n'))).toEqual({ status: 200, ...none });
    await put('a b', formWith('Käse'));
    expect(served.stored[0]).toEqual({
      kind: 'property',
      service: 'hello-world',
      key: 'file-b.txt',
      value: 'second\n',
    });
    expect((await served.get('/v1/state/files')).body).toBe('[a b, b.txt]');
    expect(await served.get('/v1/state/files/a%20b')).toEqual({ status: 200, type: TEXT, body: 'Käse' });
    expect((await served.get('/v1/state/properties')).body).toContain('"file-b.txt"');
  });

  test('that was sent again replaces the first, and the next look sees it', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    for (const content of ['one', 'two', 'three']) {
      await put('name', formWith(content));
      expect((await served.get('/v1/state/files/name')).body).toBe(content);
    }
  });

  test('is seen by whoever was told that it is stored, whatever else is being written', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    const { get } = served;
    const writer = async (name: string) => {
      await put(name, formWith('x'));
      expect((await get('/v1/state/files')).body).toContain(name);
    };
    await Promise.all(Array.from({ length: 40 }, (_, at) => writer(`file-of-${at}-`)));
  });

  test.each([
    ['of 1024 bytes is taken', formWith('x'.repeat(1024)), {}, 200, ''],
    ['of 1025 bytes is not', formWith('x'.repeat(1025)), {}, 400, 'Stream exceeds 1024 byte size limit'],
    [
      'of 1023 letters in 1025 bytes is not',
      formWith(`${'x'.repeat(1022)}€`),
      {},
      400,
      'Stream exceeds 1024 byte size limit',
    ],
    [
      'larger than any body may be is not',
      formWith('x'.repeat(70_000)),
      {},
      400,
      'Stream exceeds 1024 byte size limit',
    ],
    ['of nothing is one', formWith(''), {}, 200, ''],
    ['in another part is missing', formWith('x', 'other'), {}, 400, 'Missing payload'],
    ['that is no text is refused', formWith(Uint8Array.of(0xff, 0xfe)), {}, 400, 'The file is not UTF-8 text'],
    [
      'without a form is refused',
      'x',
      { 'content-type': 'text/plain' },
      415,
      'A file is sent as multipart/form-data, in its part "file"',
    ],
    [
      'in a form without its boundary',
      'x',
      { 'content-type': 'multipart/form-data' },
      400,
      expect.stringMatching(/^Couldn't read the form: /),
    ],
    [
      'in a form that is broken',
      'x',
      { 'content-type': 'multipart/form-data; boundary=b' },
      400,
      expect.stringMatching(/^Couldn't read the form: /),
    ],
  ])('%s', async (_, body, headers, status, answer) => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    expect(await put('name', body, headers)).toEqual({ status, type: answer === '' ? null : TEXT, body: answer });
    expect(served.stored).toHaveLength(status === 200 ? 1 : 0);
  });

  test('whose name no store could hold is refused', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    for (const name of ['a%2Fb', '%00', '%EF%BF%BD', 'x'.repeat(256)]) {
      expect((await put(name, formWith('x'))).status).toBe(400);
    }
    expect(served.stored).toEqual([]);
  });

  test('of any name is refused, or every store takes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const service = helloWorld([]);
        const draft = newDraft(stateOf(service), 0, () => '');
        const reply = runFileCommand(draft, service, { kind: 'file-put', service: service.name, name, content: '' });
        if (reply.kind === 'done') checkPath(`Properties/${FILE_PREFIX}${name}`);
        else expect(draft.writes).toEqual([]);
      }),
    );
  });

  test('that is not there is 404', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    expect(await served.get('/v1/state/files/nope')).toEqual({
      status: 404,
      type: TEXT,
      body: 'Failed to get the file',
    });
  });
});

describe('properties', () => {
  const properties = new Map([['last-completed-update-type', 'DEPLOY']]);
  const records = [taskRecord('world', 0, 'TASK_RUNNING'), taskRecord('world', 1, undefined)];

  test('are listed with the statuses of tasks that have one', async () => {
    served = await serve(stateOf(helloWorld(records, { properties }), FRAMEWORK));
    const names = JSON.parse((await served.get('/v1/state/properties')).body);
    expect(names).toEqual(['last-completed-update-type', 'world-0-server:task-status']);
  });

  test('are shown as they are, said to be JSON', async () => {
    served = await serve(stateOf(helloWorld(records, { properties }), FRAMEWORK));
    const type = 'application/json; charset=utf-8';
    expect(await served.get('/v1/state/properties/last-completed-update-type')).toEqual({
      status: 200,
      type,
      body: 'DEPLOY',
    });
    const status = await served.get('/v1/state/properties/world-0-server:task-status');
    expect(JSON.parse(status.body)).toMatchObject({ state: 'TASK_RUNNING' });
  });

  test.each(['nope', 'world-1-server:task-status', 'world-9-server:task-status', '__proto__'])(
    '%s is none',
    async (name) => {
      served = await serve(stateOf(helloWorld(records, { properties }), FRAMEWORK));
      expect(await served.get(`/v1/state/properties/${name}`)).toEqual({ status: 404, ...none });
    },
  );
});

describe('zones', () => {
  function inZone(type: string, index: number, zone: string, ip: string) {
    const record = taskRecord(type, index, 'TASK_RUNNING');
    record.info.labels?.labels?.push({ key: 'offer_zone', value: zone });
    if (record.status) record.status.container_status = { network_infos: [{ ip_addresses: [{ ip_address: ip }] }] };
    return record;
  }
  const records = [
    taskRecord('hello', 0, 'TASK_RUNNING'),
    inZone('world', 0, 'us-west-2a', '10.0.1.1'),
    inZone('world', 1, 'us-west-2b', '10.0.1.2'),
  ];

  test.each([
    ['tasks/world-1-server', 200, 'us-west-2b'],
    ['tasks/hello-0-server', 404, ''],
    ['tasks/nope', 404, ''],
    ['world/10.0.1.1', 200, 'us-west-2a'],
    ['world/10.0.1.9', 404, ''],
    ['hello/10.0.1.1', 404, ''],
  ])('%s: %i %s', async (path, status, body) => {
    served = await serve(stateOf(helloWorld(records), FRAMEWORK));
    expect(await served.get(`/v1/state/zone/${path}`)).toEqual({ status, type: status === 200 ? TEXT : null, body });
  });

  test('are listed for the tasks that have one', async () => {
    served = await serve(stateOf(helloWorld(records), FRAMEWORK));
    const zones = JSON.parse((await served.get('/v1/state/zone/tasks')).body);
    expect(zones).toEqual({ 'world-0-server': 'us-west-2a', 'world-1-server': 'us-west-2b' });
  });

  test('are an empty object where agents have none', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    expect(await served.get('/v1/state/zone/tasks')).toMatchObject({ status: 200, body: '{}' });
  });
});
