/**
 * `/v1/state/files`: small files that operators leave for later, such as a keytab's fingerprint; kept as properties. Promises the text
 * as it was sent; what is no text, or too long, is refused.
 */
import { FILE_PREFIX, LONGEST_FILE } from '../../core/file-command.ts';
import { type Answer, empty, text } from '../answer.ts';
import { fileIn, mediaTypeOf } from '../payload.ts';
import type { Ask, Order, Route, View } from '../route.ts';

const FORM = 'multipart/form-data';
const TOO_LONG = text(400, `Stream exceeds ${LONGEST_FILE} byte size limit`);

export const fileRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/state/files',
    read: ({ service }) => {
      const names = [...service.properties.keys()].filter((key) => key.startsWith(FILE_PREFIX)).sort();
      return text(200, `[${names.map((key) => key.slice(FILE_PREFIX.length)).join(', ')}]`);
    },
  },
  {
    method: 'GET',
    path: '/v1/state/files/:name',
    read: ({ service }, { name }) => {
      const content = service.properties.get(FILE_PREFIX + name);
      return content === undefined ? text(404, 'Failed to get the file') : text(200, content);
    },
  },
  { method: 'PUT', path: '/v1/state/files/:name', order: upload, tooLong: TOO_LONG },
];

async function upload({ service }: View, ask: Ask): Promise<Order | Answer> {
  if (mediaTypeOf(ask) !== FORM) return text(415, `A file is sent as ${FORM}, in its part "file"`);
  const file = await fileIn(ask, 'file');
  if (!file.ok) return text(400, `Couldn't read the form: ${file.reason}`);
  if (file.value === undefined) return text(400, 'Missing payload');
  if (file.value.length > LONGEST_FILE) return TOO_LONG;
  const content = utf8(file.value);
  if (content === undefined) return text(400, 'The file is not UTF-8 text');
  return {
    command: { kind: 'file-put', service: service.name, name: ask.name, content },
    answer: (reply) => (reply.kind === 'bad-request' ? text(400, reply.message) : empty(200)),
  };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
