import fc from 'fast-check';
import mustache from 'mustache';
import { describe, expect, test } from 'vitest';
import { environmentScope } from '../../../runtime/spec/scope.ts';
import { render } from '../../../runtime/spec/template.ts';

const rendered = (template: string, env: Record<string, string> = {}) => render(template, environmentScope(env)).text;
const mistakes = (template: string, env: Record<string, string> = {}) =>
  render(template, environmentScope(env)).mistakes.map(({ finding, span }) => [
    finding.code,
    finding.message,
    template.slice(span.from, span.to),
  ]);

describe('rendering', () => {
  test.each([
    ['a value is never escaped', '{{X}}', { X: `<a href="/b?c=d&e='f'">` }, `<a href="/b?c=d&e='f'">`],
    ['two, three braces and & are the same', '{{X}} {{{X}}} {{&X}}', { X: '&' }, '& & &'],
    ['an empty value is a value', 'a{{X}}b', { X: '' }, 'ab'],
    ['TRUE and False print in lower case', '{{A}} {{B}}', { A: 'TRUE', B: 'False' }, 'true false'],
    ['a section shows what is set', '{{#X}}yes{{/X}}', { X: '0' }, 'yes'],
    ['a blank value is set', '{{#X}}yes{{/X}}', { X: ' ' }, 'yes'],
    ['a section hides false', '{{#X}}yes{{/X}}', { X: 'fAlse' }, ''],
    ['a section hides what is empty', '{{#X}}yes{{/X}}', { X: '' }, ''],
    ['a section hides what is missing', '{{#X}}yes{{/X}}', {}, ''],
    ['an inverted section is the complement', '{{^X}}no{{/X}}{{^Y}}no{{/Y}}', { X: 'false', Y: '1' }, 'no'],
    ['sections nest', '{{#A}}a{{#B}}b{{/B}}{{^B}}-{{/B}}{{/A}}', { A: '1' }, 'a-'],
    ['a section alone on its line leaves no line', 'a\n  {{#X}}\nb\n  {{/X}}\nc\n', { X: '1' }, 'a\nb\nc\n'],
    ['comments vanish', 'a{{! not this }}b', {}, 'ab'],
    ['a dotted name is one name', '{{a.b}}', { 'a.b': '1' }, '1'],
    ['a value is not rendered again', '{{X}}', { X: '{{Y}}' }, '{{Y}}'],
    ['Windows line ends stay', 'a: {{X}}\r\n', { X: '1' }, 'a: 1\r\n'],
  ])('%s', (_, template, env, expected) => {
    expect(mistakes(template, env)).toEqual([]);
    expect(rendered(template, env)).toBe(expected);
  });

  test.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    '%s is no variable unless it is set',
    (name) => {
      expect(mistakes(`{{${name}}}`)).toEqual([['SVC001', `{{${name}}} has no value`, `{{${name}}}`]]);
      expect(rendered(`{{#${name}}}x{{/${name}}}`)).toBe('');
    },
  );
});

describe('mistakes', () => {
  test('every missing variable is named where it stands', () => {
    expect(mistakes('a: {{A}}\nb: {{B}}\nc: {{{C}}}', { B: '' })).toEqual([
      ['SVC001', '{{A}} has no value', '{{A}}'],
      ['SVC001', '{{C}} has no value', '{{{C}}}'],
    ]);
  });

  test('what a hidden section lacks is not missed', () => {
    expect(mistakes('{{#A}}{{B}}{{/A}}')).toEqual([]);
  });

  test('a name that is almost right is suggested', () => {
    const [mistake] = render('{{DATA_COUNTT}}', environmentScope({ DATA_COUNT: '1', DATA_CPU: '1' })).mistakes;
    expect(mistake?.finding.remedy).toBe('did you mean {{DATA_COUNT}}?');
  });

  test('a name like no other can be set', () => {
    const [mistake] = render('{{DATA_COUNT}}', environmentScope({ PATH: '/bin' })).mistakes;
    expect(mistake?.finding.remedy).toBe('set it with -e DATA_COUNT=... or give it a default');
  });

  test.each([
    ['an empty tag', 'a: {{}}', '{{}}', 'this tag names no variable'],
    ['a tag without its end', 'a: {{X', '{{', 'this tag is not closed'],
    ['a tag that runs into the next', 'a: {{X}\nb: {{X}}', '{{', 'this tag is not closed'],
    ['three braces closed by two', 'a: {{{X}}\nb: {{{X}}}', '{{', 'this tag is not closed'],
    ['a section without its end', 'a\n{{#X}}\nb', '{{#X}}', 'section {{#X}} is not closed'],
    ['sections that cross', '{{#X}}{{^Y}}{{/X}}{{/Y}}', '{{^Y}}', 'section {{#Y}} is not closed'],
    ['an end without a section', 'a{{/X}}', '{{/X}}', '{{/X}} closes a section that is not open'],
    ['a partial', '{{> X}}', '{{> X}}', 'partials are not supported'],
    ['other braces', '{{=<% %>=}}', '{{', 'changes of the braces are not supported'],
  ])('%s', (_, template, where, message) => {
    expect(mistakes(template, { X: '1', Y: '1' })).toEqual([['SVC002', message, where]]);
  });

  test('a value that makes the text endless is cut off', () => {
    const { text, mistakes: found } = render('{{X}}'.repeat(20_000), environmentScope({ X: 'x'.repeat(100_000) }));
    expect(text.length).toBeLessThan(1_200_000);
    expect(found.map(({ finding }) => finding.code)).toEqual(['SVC003']);
  });
});

describe('the way back to the template', () => {
  test('a stretch of text comes from the same text', () => {
    const template = 'a: {{X}}\n{{#Y}}\nb: 12\n{{/Y}}\nc: 3\n';
    const { text, origin } = render(template, environmentScope({ X: 'long value', Y: '1' }));
    const from = text.indexOf('12');
    const { fromTag, ...span } = origin({ from, to: from + 2 });
    expect([template.slice(span.from, span.to), fromTag]).toEqual(['12', false]);
  });

  test('a stretch of a value comes from its whole tag', () => {
    const template = 'a: "{{X}}"';
    const { text, origin } = render(template, environmentScope({ X: 'long value' }));
    const inside = origin({ from: text.indexOf('value'), to: text.indexOf('value') + 5 });
    expect(template.slice(inside.from, inside.to)).toBe('{{X}}');
    const quoted = origin({ from: 3, to: text.length });
    expect(template.slice(quoted.from, quoted.to)).toBe('"{{X}}"');
  });

  test('nothing comes from the tag that was empty', () => {
    const template = 'a: {{X}}\nb: 1';
    const { origin } = render(template, environmentScope({ X: '' }));
    expect(origin({ from: 3, to: 3 })).toEqual({ from: 3, to: 8, fromTag: true });
  });

  const piece = fc.oneof(
    fc.constantFrom('{{A}}', '{{{A}}}', '{{&B}}', '{{E}}', '{{!c}}\n', '\n', '  '),
    fc.constantFrom('{{#A}}\nshown\n{{/A}}\n', '{{#F}}hidden{{/F}}', '{{^F}}shown{{/F}}'),
    fc.constantFrom('a line\n', 'lines\n  of\r\n\n text\n', 'a }} line\n', '{{#A}}\n\n\n\n', '{{/A}}', '{{\nA\n}}'),
    fc.string({ maxLength: 5 }).map((text) => text.replace(/[{}]/g, '')),
  );
  const values = { A: 'value of a', B: 'b\nb', E: '', F: 'false' };

  test('each character of the text leads to itself in the template, or to the tag that printed it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const template = pieces.join('');
        const { text, origin, mistakes: found } = render(template, environmentScope(values));
        fc.pre(found.length === 0);
        for (let at = 0; at < text.length; at++) {
          const { from, to, fromTag } = origin({ from: at, to: at + 1 });
          expect(template.slice(from, to)).toContain(fromTag ? '{{' : text[at]);
        }
      }),
    );
  });

  test('the text is that of mustache, which would read each line without tags too', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const template = pieces.join('');
        const { text, mistakes: found } = render(template, environmentScope(values));
        fc.pre(found.length === 0);
        expect(text).toBe(mustache.render(template, { ...values, F: false }, {}, { escape: String }));
      }),
      { numRuns: 300 },
    );
  });
});
