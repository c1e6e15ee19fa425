/**
 * Commits that are larger than one multi. Promises that they too are all or nothing: what is to be written is written down in
 * parts, takes effect with the one multi that says how many, and is carried out then, by the next opener if we do not live to.
 *
 *     <node>/lock/journal           the number of parts once they are all there, else empty
 *     <node>/lock/journal/part-0    the first part of the writes
 */
import type { NodeWrite } from '../tree.ts';
import type { Fence } from './fence.ts';
import type { Operation } from './names.ts';
import { type Access, childrenOf, ensureNode, readNode } from './nodes.ts';
import type { Session } from './session.ts';

export interface Journal {
  /** The writes of a commit that took effect and may not be carried out wholly; most often none. */
  read(): Promise<NodeWrite[]>;
  /** Makes a commit take effect; what it comes to is carried out next. */
  write(writes: readonly NodeWrite[]): Promise<void>;
  /** The commit is carried out, or never took effect. */
  clear(): Promise<void>;
}

const PART_BYTES = 900_000;
const NONE = Buffer.alloc(0);

export function journalAt(session: Session, fence: Fence, path: string, access: Access): Journal {
  const partAt = (at: number) => `${path}/part-${at}`;
  return {
    async read() {
      const count = Number((await readNode(session, path))?.data.toString() ?? 0);
      const parts = await Promise.all(Array.from({ length: count }, (_, at) => readNode(session, partAt(at))));
      return count === 0 ? [] : decode(Buffer.concat(parts.map((part) => part!.data)));
    },
    async write(writes) {
      await ensureNode(session, path, access);
      const bytes = encode(writes);
      const count = Math.ceil(bytes.length / PART_BYTES);
      for (let at = 0; at < count; at++) {
        const data = bytes.subarray(at * PART_BYTES, (at + 1) * PART_BYTES);
        await fence.commit([{ kind: 'create', path: partAt(at), data }]);
      }
      await fence.commit([{ kind: 'set', path, data: Buffer.from(String(count)) }]);
    },
    async clear() {
      const parts = await childrenOf(session, path);
      if (parts.length === 0) return;
      const removals = parts.map((name): Operation => ({ kind: 'remove', path: `${path}/${name}` }));
      await fence.commit([{ kind: 'set', path, data: NONE }, ...removals]);
    },
  };
}

/** A line a write: its path, and its bytes in base64 if it puts some. */
function encode(writes: readonly NodeWrite[]): Buffer {
  const lines = writes.map((write) =>
    JSON.stringify(write.kind === 'put' ? [write.path, Buffer.from(write.data).toString('base64')] : [write.path]),
  );
  return Buffer.from(lines.join('\n'));
}

function decode(bytes: Buffer): NodeWrite[] {
  const lines = bytes.toString().split('\n');
  return lines.map((line): NodeWrite => {
    const [path, data] = JSON.parse(line) as [string, string?];
    return data === undefined ? { kind: 'delete', path } : { kind: 'put', path, data: Buffer.from(data, 'base64') };
  });
}
