import { expect, test } from 'vitest';
import { parsePlacement } from '../../../runtime/spec/placement.ts';

test.each([
  ['', undefined],
  ['[]', undefined],
  ['hostname:UNIQUE', 1],
  ['@hostname:unique', 1],
  ['["hostname","UNIQUE"]', 1],
  ['[["hostname", "UNIQUE"]]', 1],
  [' hostname : MAX_PER : 2 ', 2],
  ['[["hostname","MAX_PER","2"]]', 2],
  ['[["hostname","MAX_PER",2]]', 2],
  ['hostname:MAX_PER:3,hostname:MAX_PER:2', 2],
])('%j allows %j on a host', (text, max) => {
  expect(parsePlacement(text)).toEqual(
    max === undefined ? { ok: true } : { ok: true, rule: { kind: 'max-per', field: { kind: 'hostname' }, max } },
  );
});

test.each([
  ['rack:UNIQUE', 'cannot be by "rack"'],
  ['Hostname:UNIQUE', 'cannot be by "Hostname"'],
  ['hostname:LIKE:a.*', 'cannot use the operator "LIKE"'],
  ['hostname', 'has 1 fields in "hostname", needs 2 or 3'],
  ['hostname:MAX_PER', 'MAX_PER has no number'],
  ['hostname:MAX_PER:0', 'MAX_PER needs a number from 1 on, has "0"'],
  ['hostname:MAX_PER:1.5', 'MAX_PER needs a number from 1 on, has "1.5"'],
  ['[ ]', 'holds no constraint'],
  ['[["hostname","UNIQUE"]', 'has 1 fields in "[["hostname"", needs 2 or 3'],
  ['[["hostname","UNIQUE"],["@zone","GROUP_BY"]]', 'cannot be by "@zone"'],
])('%j: %s', (text, reason) => {
  expect(parsePlacement(text)).toEqual({ ok: false, reason });
});
