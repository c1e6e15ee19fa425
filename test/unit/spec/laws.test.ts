import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readDocument } from '../../../runtime/spec/document.ts';
import { parsePlacement } from '../../../runtime/spec/placement.ts';
import { pointerTo } from '../../../runtime/spec/pointer.ts';
import { printProblem } from '../../../runtime/spec/problem.ts';
import { serviceSchema } from '../../../runtime/spec/schema.ts';
import { parseService } from '../../../runtime/spec/spec.ts';
import { samples } from './corpus.ts';
import { definitions } from './generated.ts';

const valid = samples('valid');
const all = [...valid, ...samples('invalid')];

const accepts = new Ajv({
  strict: false,
  allErrors: true,
  logger: false,
  formats: { placement: (text: string) => parsePlacement(text).ok },
}).compile(serviceSchema);

describe('a definition that is printed and read again is the same', () => {
  const readTemplate = () => ({ ok: true as const, text: 'text' });
  const again = (text: string) => parseService({ file: 'svc.yml', text }, {}, { readTemplate });

  test.each(valid.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
    const first = sample.parse();
    if (!first.ok) throw new Error(first.problems.map(printProblem).join('\n'));
    const second = again(stringify(first.definition));
    expect(second.ok ? second.definition : second.problems.map(printProblem)).toEqual(first.definition);
  });

  test('whatever its fields hold', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const first = readDocument(stringify(definition), serviceSchema);
        expect(first.mistakes).toEqual([]);
        expect(readDocument(stringify(first.value), serviceSchema).value).toEqual(first.value);
      }),
      { numRuns: 60 },
    );
  });
});

test('a definition that lacks any one character is a spec or has a message at its place', () => {
  const cut = fc
    .constantFrom(...valid)
    .chain((sample) => fc.tuple(fc.constant(sample), fc.nat(sample.text.length - 1)));
  fc.assert(
    fc.property(cut, ([sample, at]) => {
      const text = sample.text.slice(0, at) + sample.text.slice(at + 1);
      const result = sample.parse(text);
      if (result.ok) return;
      expect(result.problems.length).toBeGreaterThan(0);
      for (const { line, column, message } of result.problems) {
        expect(message).not.toBe('');
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(text.split('\n').length);
        expect(column).toBeLessThanOrEqual((text.split('\n')[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 500 },
  );
});

describe('the reader and a validator of JSON Schema', () => {
  /** What is no matter of values: the text, keys that are there twice, keys that nobody knows. */
  const OF_THE_TEXT = /^SVC00[1-5]$/;
  const agree = (text: string) => {
    const { value, mistakes } = readDocument(text, serviceSchema);
    if (value === undefined || mistakes.some(({ finding }) => OF_THE_TEXT.test(finding.code))) return;
    const ours = mistakes.filter(({ finding }) => !finding.remedy?.startsWith('remove the character'));
    accepts(value);
    expect(new Set(ours.map(({ pointer }) => pointer))).toEqual(new Set((accepts.errors ?? []).flatMap(placeOf)));
  };
  /** A key that is wrong is reported once for its rule, and once more for the map. */
  const placeOf = ({ keyword, instancePath, propertyName }: ErrorObject) =>
    keyword === 'propertyNames'
      ? []
      : [propertyName === undefined ? instancePath : instancePath + pointerTo(propertyName)];

  test.each(all.map((sample) => [sample.name, sample] as const))('agree on %s', (_, sample) => {
    const result = sample.parse();
    agree(result.ok ? result.rendered : sample.text);
  });

  test('agree on what is half right', () => {
    const changed = fc.tuple(
      fc.constantFrom(...all),
      fc.nat(),
      fc.constantFrom('', '-1', 'x', '[]', '{}', '~', '"', '0', '__'),
    );
    fc.assert(
      fc.property(changed, ([sample, place, piece]) => {
        const at = place % sample.text.length;
        agree(sample.text.slice(0, at) + piece + sample.text.slice(at + (piece === '' ? 1 : 0)));
      }),
      { numRuns: 500 },
    );
  });
});

/** What an editor reads in its own way: values left out, `yes`, `010`, `4_096`, and tags. */
const ODD =
  /tags|sections|option|variable|missing|without-value|of-nothing|scalars|aliases|decommission|essential|shared-pid|host-volumes|without-steps|root-disk/;

test.each(valid.filter(({ name }) => !ODD.test(name)).map((sample) => [sample.name, sample] as const))(
  'an editor with the schema has nothing against %s',
  (_, sample) => {
    const typed: unknown = parse(sample.text, { schema: 'core', logLevel: 'silent' });
    expect([accepts(typed), accepts.errors]).toEqual([true, null]);
  },
);
