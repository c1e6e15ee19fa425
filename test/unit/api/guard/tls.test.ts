/** The API over TLS, as clients with and without certificates find it. */
import { writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { openGuard } from '../../../../runtime/api/guard/guard.ts';
import { listen } from '../../../../runtime/api/listen.ts';
import type { Note } from '../../../../runtime/core/effect.ts';
import { authority } from '../../../support/certificates.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { eventually } from '../../../support/eventually.ts';

interface Pair {
  readonly key: string;
  readonly cert: string;
}

function filesOf(pair: Pair, clientCa?: string) {
  const directory = temporaryDirectory();
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  const write = (next: Partial<Pair>) => {
    if (next.key !== undefined) writeFileSync(files.key, next.key);
    if (next.cert !== undefined) writeFileSync(files.cert, next.cert);
  };
  write(pair);
  return { files: { ...files, ...(clientCa ? { clientCa } : {}) }, write };
}

/** A guarded port that answers everything with 200. */
async function secure(pair: Pair, clientCa?: string) {
  const notes: Note[] = [];
  const { files, write } = filesOf(pair, clientCa);
  const guard = openGuard({ tls: files }, (note) => void notes.push(note));
  const app = express()
    .use(...guard.handlers)
    .use((_request, response) => void response.send('served'));
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0, ...(guard.tls ? { tls: guard.tls } : {}) });
  onTestFinished(async () => {
    guard.close();
    await close();
  });
  return { port, notes, write };
}

/** The status of the answer and the serial number of the server's certificate, or why there is none. */
function ask(
  port: number,
  path: string,
  options: RequestOptions,
): Promise<{ status?: number; serial?: string; error?: string }> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      const { serialNumber: serial } = (response.socket as import('node:tls').TLSSocket).getPeerCertificate();
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, serial }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message })).end();
  });
}

test('TLS is spoken from 1.2 on, and nothing else', async () => {
  const { ca, server } = authority();
  const { port } = await secure(server('IP:127.0.0.1'));
  expect(await ask(port, '/', { ca, maxVersion: 'TLSv1.2' })).toMatchObject({ status: 200 });
  expect(await ask(port, '/', { ca, minVersion: 'TLSv1.3' })).toMatchObject({ status: 200 });
  expect(await ask(port, '/', { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toHaveProperty('error');
  const plain = new Promise((resolve) => {
    plainRequest({ host: '127.0.0.1', port }, resolve).on('error', resolve).end();
  });
  expect(await plain).toBeInstanceOf(Error);
});

test('with an authority for clients, its certificates are asked for, but not by agents and supervisors', async () => {
  const { ca, file, server, client } = authority();
  const { port, notes } = await secure(server('IP:127.0.0.1'), file);
  const [alice, stranger] = [client('alice'), authority().client('alice')];
  const restart = { method: 'POST', ca };
  const status = async (path: string, options: RequestOptions) => (await ask(port, path, options)).status;

  expect(await status('/v1/plans', { ca, ...alice })).toBe(200);
  expect(await status('/v1/pod/a-0/restart', { ...restart, ...alice })).toBe(200);
  expect(await status('/v1/plans', { ca })).toBe(401);
  expect(await status('/v1/plans', { ca, ...stranger })).toBe(401);
  expect(await status('/v1/pod/a-0/restart', { ...restart, ...stranger })).toBe(401);
  expect(await status('/v1/artifacts/bootstrap', { ca })).toBe(200);
  expect(await status('/v1/health', { ca })).toBe(200);

  const elsewhere = { headers: { origin: 'https://evil.example' } };
  expect(await status('/v1/pod/a-0/restart', { ...restart, ...alice, ...elsewhere })).toBe(403);
  expect(notes.map(({ keys: { who, by, status } }) => [who, by, status])).toEqual([
    ['alice', 'certificate', 200],
    ['unknown', undefined, 401],
    ['alice', 'certificate', 403],
  ]);
});

test('a renewed certificate is in force without a restart; a pair that is none never is', async () => {
  const { ca, server } = authority();
  const { port, notes, write } = await secure(server('IP:127.0.0.1'));
  const { serial: old } = await ask(port, '/', { ca });
  const renewed = server('IP:127.0.0.1');
  write({ cert: renewed.cert });
  await eventually(() => expect(notes.map(({ level }) => level)).toEqual(['error']));
  expect(notes[0]?.keys['error']).toContain('API_TLS_CERT_FILE and API_TLS_KEY_FILE cannot be used');
  expect(await ask(port, '/', { ca })).toEqual({ status: 200, serial: old });
  write({ key: renewed.key });
  await eventually(async () => expect((await ask(port, '/', { ca })).serial).not.toBe(old));
  expect(notes.map(({ message }) => message)).toEqual([
    'new certificates of the API cannot be used, the old ones stay in force',
    'new certificates of the API are in force',
  ]);
});

test('files that cannot be used are told at once, with the variable that names them', () => {
  const { server } = authority();
  const [one, other] = [server('IP:127.0.0.1'), server('IP:127.0.0.1')];
  const opening = (pair: Pair, clientCa?: string) => () => openGuard({ tls: filesOf(pair, clientCa).files }, () => {});
  expect(opening({ ...one, key: other.key })).toThrow(/API_TLS_KEY_FILE cannot be used: .*key values mismatch/);
  expect(opening({ ...one, cert: 'no PEM' })).toThrow('API_TLS_CERT_FILE');
  expect(opening(one, '/nowhere/ca.pem')).toThrow('API_TLS_CLIENT_CA_FILE /nowhere/ca.pem cannot be read: ENOENT');
  expect(opening(one, filesOf({ ...one, cert: 'no PEM' }).files.cert)).toThrow(
    'API_TLS_CLIENT_CA_FILE holds no certificate',
  );
});
