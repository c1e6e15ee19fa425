/**
 * What a real master answers to requests that are wrong in some way (recording 17a), asked over real HTTP. How its parsers word a
 * syntax error is theirs; the status and the kind of the mistake are compared there.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive } from '../../runtime/cluster/drive.ts';
import { createMasterHttp } from '../../runtime/cluster/http.ts';
import { createMaster, type MasterInput, type MasterOutput } from '../../runtime/cluster/master.ts';
import { systemClock } from '../../runtime/kit/clock.ts';
import type { MesosEvent } from '../../runtime/kit/mesos-call.ts';
import type { Step, Trace } from './recording.ts';

/** From here on the recording calls with the id of a framework that it subscribed. */
const STATELESS = 123;

/** Where we differ, by the recorder's note. */
const DIFFERENT: Record<string, string> = {
  'unknown type': 'Our decoder names the type; a real one leaves the field unset. Both say 400.',
  'type as number': 'A type that is no string: 400 in the words of the codec.',
  'bad JSON: {': 'A syntax error in the words of JSON.parse.',
  'bad JSON: []': 'A list instead of an object: 400 in the words of the codec.',
  'empty body': 'A syntax error in the words of JSON.parse.',
  'protobuf garbage': 'A syntax error in the words of protobufjs.',
};

/** Our JSON decoder lets a number pass as the text it stands for; a real one refuses it with 400. */
const LENIENT = 'wrong type of a field';

interface Request {
  name: string;
  call: Step & { method?: string; path?: string; body_base64?: string };
  response: Step;
}

const { steps } = JSON.parse(readFileSync(new URL('./traces/17a-http-errors.json', import.meta.url), 'utf8')) as Trace;
const requests: Request[] = steps.slice(0, STATELESS).flatMap((step, index) => {
  const [call, response] = [steps[index + 1], steps[index + 2]];
  return step.kind === 'note' && call?.kind === 'call' && response?.kind === 'response'
    ? [{ name: step.text?.trim() ?? '', call, response }]
    : [];
});

let server: Server;
let url: string;

beforeAll(async () => {
  const master = createMaster({ host: '127.0.0.1', port: 5050, newId: () => 'stream' });
  const http = createMasterHttp((input) => driver.put(input), {});
  const driver = drive<MasterInput, MasterOutput>(
    master,
    {
      save: async () => {},
      act: (output) => {
        if (output.kind !== 'agent') http.act(output);
      },
    },
    systemClock,
  );
  server = createServer(http.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('the recording has forty-one requests that need no subscription', () => {
  expect(requests).toHaveLength(41);
});

test.each(requests)('$name', async ({ name, call, response }) => {
  const own = await ask(call);
  if (name === LENIENT) {
    expect(own.status).toBe(200);
    return;
  }
  expect(own.status).toBe(response.status);
  const recorded = String(response.body ?? '');
  if (recorded.startsWith('(stream)')) {
    expect(own.type).toBe(response.headers?.['Content-Type']);
    expect(own.event).toMatchObject(withoutIds(firstEvent(recorded.slice('(stream) '.length))));
  } else if (DIFFERENT[name] === undefined) expect(own.text).toBe(recorded);
  else expect(own.text).toMatch(/^Failed to |^$/);
});

async function ask({ method = 'POST', path = '', headers = {}, body, body_base64 }: Request['call']) {
  const bytes = body_base64 === undefined ? textOf(body) : Buffer.from(body_base64, 'base64');
  const answer = await fetch(url + path, {
    method,
    // Without a type of its own a text would be sent as one.
    headers: new Headers(headers),
    ...(method === 'POST' && { body: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }),
  });
  const type = answer.headers.get('content-type');
  if (answer.status !== 200) return { status: answer.status, type, text: await answer.text() };
  const reader = answer.body!.getReader();
  let text = '';
  while (!/^\d+\n./.test(text)) text += Buffer.from((await reader.read()).value ?? []).toString();
  await reader.cancel();
  return { status: answer.status, type, text, event: withoutIds(firstEvent(text)) };
}

function textOf(body: unknown): string {
  if (body === null || body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function firstEvent(records: string): MesosEvent {
  const length = Number(/^\d+/.exec(records)?.[0]);
  const start = records.indexOf('\n') + 1;
  return JSON.parse(Buffer.from(records.slice(start)).subarray(0, length).toString()) as MesosEvent;
}

/** Ids differ from master to master. */
function withoutIds(event: MesosEvent) {
  return event.type === 'ERROR' ? { type: event.type, error: event.error } : { type: event.type };
}
