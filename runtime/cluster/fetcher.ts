/**
 * What Mesos' fetcher does before a task starts: copies its URIs into the sandbox, unpacks archives, makes programs executable. It
 * promises that a task starts with all of them or not at all; it never writes outside the sandbox and caches nothing.
 */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Uri } from '../kit/mesos.ts';
import { isBelow } from './sandbox.ts';

const run = promisify(execFile);

/** How archives are unpacked by their names, with the programs of the machine; others stay as they are. */
const unpackers: readonly [ending: RegExp, program: string, args: (file: string, directory: string) => string[]][] = [
  [/\.(tar|tar\.gz|tgz|tar\.bz2|tbz2|tar\.xz|txz)$/, 'tar', (file, directory) => ['-C', directory, '-xf', file]],
  [/\.zip$/, 'unzip', (file, directory) => ['-o', '-q', '-d', directory, file]],
  [/\.gz$/, 'gunzip', (file) => ['-k', '-f', file]],
];

/** Rejects in words for the task's status with the first URI that cannot be had; `signal` ends the downloads. */
export async function fetchAll(uris: readonly Uri[], directory: string, signal: AbortSignal): Promise<void> {
  for (const uri of uris) {
    try {
      await fetchOne(uri, directory, signal);
    } catch (error) {
      throw new Error(`Failed to fetch '${uri.value}': ${reasonOf(error)}`);
    }
  }
}

async function fetchOne(uri: Uri, directory: string, signal: AbortSignal): Promise<void> {
  const file = resolve(directory, uri.output_file ?? nameOf(uri.value));
  if (!isBelow(directory, file)) throw new Error(`the output file ${uri.output_file ?? ''} is not in the sandbox`);
  await mkdir(dirname(file), { recursive: true });
  if (/^https?:/.test(uri.value)) await download(uri.value, file, signal);
  else await copyFile(pathOf(uri.value), file);
  if (uri.executable) await chmod(file, 0o755);
  else if (uri.extract !== false) await unpack(file, directory, signal);
}

async function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file), { signal });
}

async function unpack(file: string, directory: string, signal: AbortSignal): Promise<void> {
  const unpacker = unpackers.find(([ending]) => ending.test(file));
  if (!unpacker) return;
  const [, program, args] = unpacker;
  await run(program, args(file, directory), { signal });
}

/** The last part of the path: what the file is called when nobody says otherwise. */
function nameOf(uri: string): string {
  const path = /^[a-z]+:/.test(uri) ? decodeURIComponent(new URL(uri).pathname) : uri;
  const name = basename(path);
  if (name === '') throw new Error('it names no file');
  return name;
}

function pathOf(uri: string): string {
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  if (uri.startsWith('/')) return uri;
  throw new Error('only http, https and file URIs and absolute paths can be fetched');
}

/** `fetch` hides the reason of a failed connection in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}
