/**
 * RecordIO, the framing of the event stream: `<length in decimal ASCII>\n<bytes>`, again and again. It promises the same records
 * however the bytes are cut into chunks, and never holds more than one record of at most the allowed size.
 */

/** Far above any OFFERS of a real master; below what would hurt a scheduler's memory. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** The digits of the largest 64-bit length. */
const MAX_DIGITS = 20;

const NEWLINE = 0x0a;

export interface RecordDecoder {
  /**
   * Yields the records that are complete with this chunk. Throws, after the good ones, at bytes that are no length or at a
   * record longer than allowed: nothing after that can be understood, so the stream must be closed.
   */
  push(chunk: Uint8Array): Generator<Uint8Array>;
  /** Whether the stream, if it ended now, would end in the middle of a record. */
  isInsideRecord(): boolean;
}

export function recordDecoder(maxBytes = MAX_RECORD_BYTES): RecordDecoder {
  let digits = '';
  let missing = 0;
  let parts: Uint8Array[] = [];

  return {
    *push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (missing > 0) {
          const part = chunk.subarray(at, at + missing);
          at += part.length;
          missing -= part.length;
          parts.push(part);
          if (missing > 0) return;
          const record = parts.length === 1 ? part : Buffer.concat(parts);
          parts = [];
          yield record;
        } else if (chunk[at] !== NEWLINE) {
          digits += String.fromCharCode(chunk[at]!);
          at += 1;
          if (!/^\d+$/.test(digits) || digits.length > MAX_DIGITS) throw notALength(digits, chunk.subarray(at));
        } else {
          at += 1;
          if (digits === '') continue; // an empty line before a length
          missing = Number(digits);
          if (missing === 0) throw notALength(digits, chunk.subarray(at - 1));
          if (missing > maxBytes) throw new Error(`a record of ${digits} bytes is longer than the ${maxBytes} allowed`);
          digits = '';
        }
      }
    },

    isInsideRecord() {
      return missing > 0 || digits !== '';
    },
  };
}

/** A record with its length in front. */
export function encodeRecord(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}

function notALength(read: string, rest: Uint8Array): Error {
  const found = read + Buffer.from(rest.subarray(0, 40 - read.length)).toString('latin1');
  return new Error(`expected the length of a record, found ${JSON.stringify(found)}`);
}
