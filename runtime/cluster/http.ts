/**
 * The master's HTTP: calls in, answers and event streams out, and the read-only views (trace 17a). It promises that calls of one
 * connection reach the machine in their order, and that a client which does not read costs a bounded amount of memory.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Call } from '../kit/mesos-call.ts';
import { decodeCall, encodeEvent, type Media } from '../mesos/codec.ts';
import { encodeRecord } from '../mesos/recordio.ts';
import type { MasterInput, MasterOutput } from './master-port.ts';

export interface MasterHttp {
  readonly listener: RequestListener;
  /** Does what the machine said to a connection. */
  act(output: Extract<MasterOutput, { kind: 'answer' | 'event' | 'close' }>): void;
  /** Cuts all event streams. */
  close(): void;
}

/** What a GET of the path without `/master` answers; undefined is an empty body. */
export type Views = Record<string, () => unknown>;

/** Mesos has no limit; 20 MB were seen to work. */
const maxBody = 64 * 1024 * 1024;
/** What may wait for a slow reader of events before its stream is cut, which makes a scheduler subscribe anew. */
const maxBacklog = 32 * 1024 * 1024;

interface Connection {
  readonly response: ServerResponse;
  /** How its events are written, when it becomes a stream. */
  readonly media: Media;
}

export function createMasterHttp(put: (input: MasterInput) => void, views: Views): MasterHttp {
  const connections = new Map<number, Connection>();
  const streams = new Set<number>();
  /** Of each socket, the call that was taken last. */
  const turns = new WeakMap<Socket, Promise<void>>();
  let last = 0;
  const calls: Record<string, Take> = { '/api/v1/scheduler': takeCall, '/api/v1': takeOperatorCall };

  return {
    listener(request, response) {
      const path = (request.url ?? '').replace(/[?#].*$/, '').replace(/^\/master(?=\/)/, '');
      const take = calls[path];
      if (take) {
        if (request.method === 'POST') onCall(request, response, take);
        else refuseMethod(request, response, 'POST');
        return;
      }
      const view = views[path];
      if (!view) answer(response, 404, '404 Not Found.');
      else if (request.method === 'GET' || request.method === 'HEAD') show(response, view());
      else refuseMethod(request, response, 'GET');
    },

    act(output) {
      const connection = connections.get(output.connection);
      if (!connection) {
        // The client left before it heard. Of a stream that never was, the machine must know.
        if (output.kind === 'answer' && output.streamId) put({ kind: 'disconnected', connection: output.connection });
        return;
      }
      const { response, media } = connection;
      switch (output.kind) {
        case 'answer':
          if (output.streamId === undefined) {
            connections.delete(output.connection);
            if (output.json === undefined) answer(response, output.status, output.body);
            else show(response, output.json);
          } else {
            streams.add(output.connection);
            response.writeHead(output.status, { 'Content-Type': media, 'Mesos-Stream-Id': output.streamId });
            response.flushHeaders();
          }
          break;
        case 'event':
          response.write(encodeRecord(encodeEvent(output.event, media)));
          if (response.writableLength > maxBacklog) response.destroy();
          break;
        case 'close':
          connections.delete(output.connection);
          streams.delete(output.connection);
          response.end();
          break;
      }
    },

    close() {
      for (const { response } of connections.values()) response.destroy();
    },
  };

  /** One connection's calls one after the other, even when a later one is read sooner (fact 7). */
  function onCall(request: IncomingMessage, response: ServerResponse, take: Take): void {
    const before = turns.get(request.socket);
    const body = read(request);
    const turn = (async () => {
      const bytes = await body;
      await before;
      const refusal = take(request, response, bytes);
      if (refusal) answer(response, ...refusal);
    })();
    turns.set(request.socket, turn);
  }

  function takeCall(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer | undefined,
  ): [number, string] | undefined {
    const type = request.headers['content-type'];
    if (type === undefined) return [400, "Expecting 'Content-Type' to be present"];
    if (!isMedia(type)) return [415, "Expecting 'Content-Type' of application/json or application/x-protobuf"];
    if (!body) return [413, `The body is longer than ${maxBody} bytes, or was cut off`];
    let call: Call;
    try {
      call = decodeCall(isZipped(request) ? gunzipSync(body, { maxOutputLength: maxBody }) : body, type);
    } catch (error) {
      const { message } = error as Error;
      return [400, message.startsWith('Failed') ? message : `Failed to validate scheduler::Call: ${message}`];
    }
    const media = accepted(request.headers.accept);
    if (call.type === 'SUBSCRIBE' && !media) {
      return [406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"];
    }
    const connection = open(response, media ?? type);
    const streamId = request.headers['mesos-stream-id'];
    put({ kind: 'call', connection, ...(typeof streamId === 'string' ? { streamId } : {}), call });
    return undefined;
  }

  /** Operators speak JSON here. */
  function takeOperatorCall(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer | undefined,
  ): [number, string] | undefined {
    if (request.headers['content-type'] !== 'application/json') {
      return [415, "Expecting 'Content-Type' of application/json"];
    }
    if (!body) return [413, `The body is longer than ${maxBody} bytes, or was cut off`];
    let call: unknown;
    try {
      call = JSON.parse(body.toString());
    } catch (error) {
      return [400, `Failed to parse body into JSON: ${(error as Error).message}`];
    }
    if (typeof call !== 'object' || call === null) return [400, 'Failed to parse body into JSON: not an object'];
    put({ kind: 'operator', connection: open(response, 'application/json'), call });
    return undefined;
  }

  function open(response: ServerResponse, media: Media): number {
    last += 1;
    const connection = last;
    connections.set(connection, { response, media });
    response.once('close', () => {
      connections.delete(connection);
      if (streams.delete(connection)) put({ kind: 'disconnected', connection });
    });
    return connection;
  }
}

/** Hands a call to the machine, or returns the status and words that refuse it. */
type Take = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | undefined,
) => [status: number, words: string] | undefined;

function isZipped(request: IncomingMessage): boolean {
  return request.headers['content-encoding'] === 'gzip';
}

function isMedia(type: string): type is Media {
  return type === 'application/json' || type === 'application/x-protobuf';
}

/** JSON wins when both are allowed, whatever their weights (trace 17a). */
function accepted(header: string | undefined): Media | undefined {
  const types = (header ?? '*/*').split(',').map((part) => part.split(';')[0]?.trim());
  if (types.some((type) => type === '*/*' || type === 'application/*' || type === 'application/json'))
    return 'application/json';
  return types.includes('application/x-protobuf') ? 'application/x-protobuf' : undefined;
}

/** The body, or undefined when it is too long or was cut off. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBody) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body = ''): void {
  const type = body === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' };
  response.writeHead(status, { ...type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function show(response: ServerResponse, value: unknown): void {
  const body = value === undefined ? '' : JSON.stringify(value);
  const type = value === undefined ? {} : { 'Content-Type': 'application/json' };
  response.writeHead(200, { ...type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed);
  answer(response, 405, `405 Method Not Allowed. Expecting one of { '${allowed}' }, but received '${request.method}'.`);
}
