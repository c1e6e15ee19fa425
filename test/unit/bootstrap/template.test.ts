/** What a config template becomes in the sandbox: the same bytes under every shell and awk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Mustache from 'mustache';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../support/platforms.ts';
import { sandbox, type Variables } from './sandbox.ts';

const every = platforms();

const VARIABLES: Variables = {
  NAME: 'data-0',
  PORT: '9042',
  ON: 'true',
  OFF: 'false',
  OFF_LOUD: 'FALSE',
  ZERO: '0',
  EMPTY: '',
  BLANK: ' \t\n ',
  lower: 'case',
  value: 'not a word of the script',
  LC_ALL: 'de_DE.UTF-8',
  QUOTES: `"double" 'single' \`back\``,
  MARKUP: '<a href="x">&amp;</a>',
  AMPERSANDS: '&\\&\\\\&',
  ESCAPES: 'a\\nb\\tc\\0d\\',
  LINES: 'one\ntwo\r\nthree\n',
  SHELL_WORDS: '$(date) `date` $PATH ; rm *',
  UNICODE: 'größe ✓ 日本 🙂',
  TAG: '{{NAME}} {{#ON}}',
  NUMBER: '0x10',
  EXPONENT: '1e3',
  PERCENT: '%s %d 100%',
};

/** Template, text. */
const TEMPLATES: readonly (readonly [string, string, string])[] = [
  ['nothing', '', ''],
  ['no tag', 'a = 1\nb = 2\n', 'a = 1\nb = 2\n'],
  ['no newline at the end', 'a = 1\nb', 'a = 1\nb'],
  ['several newlines at the end', 'a\n\n\n', 'a\n\n\n'],
  ['Windows line ends', 'a\r\n{{NAME}}\r\n', 'a\r\ndata-0\r\n'],
  ['control characters', '\x01a\x02\x7f\x01{{NAME}}\x01', '\x01a\x02\x7f\x01data-0\x01'],
  ['text that awk, sed or printf would take for more', '%s \\n & $1 "x" \'y\' \\', '%s \\n & $1 "x" \'y\' \\'],
  ['a single brace', '{NAME} { {NAME} }', '{NAME} { {NAME} }'],
  ['a closing tag alone', 'a }} b }}}', 'a }} b }}}'],

  ['a variable', 'name={{NAME}};', 'name=data-0;'],
  ['blanks in a tag', '{{ NAME }}{{\tPORT\n}}', 'data-09042'],
  ['tags side by side', '{{NAME}}{{PORT}}{{{NAME}}}{{&PORT}}', 'data-09042data-09042'],
  ['a missing variable', 'a{{NONE}}b{{{NONE}}}c', 'abc'],
  ['an empty variable', 'a{{EMPTY}}b', 'ab'],
  ['a blank variable', 'a{{BLANK}}b', 'a \t\n b'],
  ['a variable that the helper has a word for', '{{value}} {{lower}}', 'not a word of the script case'],
  ['a locale', '{{LC_ALL}}', 'de_DE.UTF-8'],
  ['variables that some awks believe to be there', '{{AWKPATH}}{{AWKLIBPATH}}{{BOOTSTRAP_ENV}}', ''],
  ['false prints in lower case', '{{OFF}} {{OFF_LOUD}}', 'false false'],
  ['text that reads as a number', '{{NUMBER}} {{EXPONENT}} {{ZERO}}', '0x10 1e3 0'],
  ['the prototype of nothing', '{{__proto__}}{{constructor}}', ''],
  ['a dotted name is one name', 'a{{NAME.length}}b{{#NAME.x}}no{{/NAME.x}}', 'ab'],
  ['the address of the task', '{{LIBPROCESS_IP}} {{MESOS_CONTAINER_IP}}', '10.0.0.9 10.0.0.9'],

  ['escaped', '{{MARKUP}}', '&lt;a href=&#34;x&#34;&gt;&amp;amp;&lt;/a&gt;'],
  ['escaped quotes', '{{QUOTES}}', '&#34;double&#34; &#39;single&#39; `back`'],
  ['escaped ampersands and backslashes', '{{AMPERSANDS}}', '&amp;\\&amp;\\\\&amp;'],
  ['not escaped: three braces', '{{{MARKUP}}}|{{{ QUOTES }}}', `<a href="x">&amp;</a>|"double" 'single' \`back\``],
  ['not escaped: ampersand', '{{&AMPERSANDS}}|{{& MARKUP }}', '&\\&\\\\&|<a href="x">&amp;</a>'],
  ['backslashes stay', '{{ESCAPES}}', 'a\\nb\\tc\\0d\\'],
  ['a value of several lines', '<{{{LINES}}}>', '<one\ntwo\r\nthree\n>'],
  ['a value full of shell', '{{{SHELL_WORDS}}}', '$(date) `date` $PATH ; rm *'],
  ['a value full of formats', '{{PERCENT}}', '%s %d 100%'],
  ['Unicode in text and value', 'ü {{UNICODE}} ✓', 'ü größe ✓ 日本 🙂 ✓'],
  ['a value with tags in it', '{{TAG}}', '{{NAME}} {{#ON}}'],

  ['a section of a set variable', '{{#NAME}}yes{{/NAME}}{{^NAME}}no{{/NAME}}', 'yes'],
  ['a section of a missing variable', '{{#NONE}}yes{{/NONE}}{{^NONE}}no{{/NONE}}', 'no'],
  ['a section of true', '{{#ON}}yes{{/ON}}{{^ON}}no{{/ON}}', 'yes'],
  ['a section of false', '{{#OFF}}yes{{/OFF}}{{^OFF}}no{{/OFF}}', 'no'],
  ['a section of FALSE', '{{#OFF_LOUD}}yes{{/OFF_LOUD}}{{^OFF_LOUD}}no{{/OFF_LOUD}}', 'no'],
  ['a section of 0', '{{#ZERO}}yes{{/ZERO}}{{^ZERO}}no{{/ZERO}}', 'yes'],
  ['a section of nothing', '{{#EMPTY}}yes{{/EMPTY}}{{^EMPTY}}no{{/EMPTY}}', 'no'],
  ['a section of blanks', '{{#BLANK}}yes{{/BLANK}}{{^BLANK}}no{{/BLANK}}', 'no'],
  ['sections in sections', '{{#ON}}a{{#OFF}}b{{#ON}}c{{/ON}}{{/OFF}}{{^OFF}}d{{/OFF}}e{{/ON}}', 'ade'],
  ['the same section in itself', '{{#ON}}{{#ON}}x{{/ON}}{{/ON}}', 'x'],
  ['the value of the section', '{{#NAME}}{{.}}{{^NONE}}{{.}}{{/NONE}}{{/NAME}}{{.}}', 'data-0data-0'],
  ['blanks in section tags', '{{# ON }}a{{/ ON }}{{ #ON }}b{{ /ON }}', 'ab'],

  ['a section tag alone on its line', 'a\n{{#ON}}\nb\n{{/ON}}\nc\n', 'a\nb\nc\n'],
  ['indented', 'a\n  {{#ON}}  \n  b\n\t{{/ON}}\t\nc\n', 'a\n  b\nc\n'],
  ['with Windows line ends', 'a\r\n{{#ON}}\r\nb\r\n{{/ON}}\r\nc\r\n', 'a\r\nb\r\nc\r\n'],
  ['a skipped section', 'a\n{{#OFF}}\nb\n{{/OFF}}\nc\n', 'a\nc\n'],
  ['in the first line and the last', '{{#ON}}\na\n  {{/ON}}', 'a\n'],
  ['two on one line are text', '{{#ON}}{{/ON}}\n{{#ON}} {{/ON}}\n', '\n \n'],
  ['beside text', 'x {{#ON}}\ny{{/ON}}\n', 'x \ny\n'],
  ['a variable alone on its line leaves the line', '  {{NONE}}\nb', '  \nb'],

  ['a comment', 'a{{! not said }}b', 'ab'],
  ['a comment alone on its line', 'a\n  {{! not said }}\nb', 'a\nb'],
  ['a comment over several lines', 'a\n{{! not\n{{said\n}}\nb', 'a\nb'],
  ['an empty comment', 'a{{!}}b', 'ab'],
  ['a hidden comment', '{{#OFF}}{{! x }}{{/OFF}}b', 'b'],

  ['other delimiters', '{{=<% %>=}}<% NAME %> {{NAME}} <%& MARKUP %>', 'data-0 {{NAME}} <a href="x">&amp;</a>'],
  ['other delimiters and back', '{{=| |=}}|NAME||={{ }}=|{{PORT}}', 'data-09042'],
  ['delimiters alone on a line', '{{=<% %>=}}\n<%#ON%>\nx\n<%/ON%>\n', 'x\n'],
  ['three braces between other delimiters', '{{=<% %>=}}<%{MARKUP}%>', '<a href="x">&amp;</a>'],
  ['delimiters that an expression would read otherwise', '{{=[. .*]=}}[.NAME.*]', 'data-0'],
  ['delimiters changed in a hidden section', '{{#OFF}}{{=<% %>=}}<%/OFF%><%NAME%>', 'data-0'],
];

/** Template, the complaint. */
const MISTAKES: readonly (readonly [string, string, string])[] = [
  ['a tag that stays open', 'a\nb {{NAME\nc\n', 'line 2: a tag is opened with {{ and not closed with }}'],
  ['three braces closed by two', '{{{NAME}} x', 'line 1: a tag is opened with {{ and not closed with }}}'],
  ['a section that stays open', 'a\n{{#ON}}\nb\n', 'line 2: section ON is not closed'],
  ['a hidden section that stays open', '{{#OFF}}\n{{NAME}}\n', 'line 1: section OFF is not closed'],
  ['a section closed twice', '{{#ON}}{{/ON}}\n{{/ON}}', 'line 2: section ON is closed but was not opened'],
  ['sections that cross', '{{#ON}}\n{{#PORT}}\n{{/ON}}{{/PORT}}', 'line 3: section ON is closed inside section PORT'],
  ['an empty tag', 'a\n\n{{}}', 'line 3: a tag is empty'],
  ['a section without a name', '{{#}}x{{/}}', 'line 1: a tag is empty'],
  ['a partial', '{{>other}}', 'line 1: partials ({{>...}}) are not supported'],
  ['one delimiter', '{{=<%=}}', 'line 1: delimiters are set like {{=<% %>=}}'],
];

describe.each(every)('under $name', (platform) => {
  test('every template becomes what the table says', () => {
    const { write, read, bootstrap } = sandbox(platform);
    const files: Record<string, string> = {};
    for (const [index, [, template]] of TEMPLATES.entries()) {
      write(`config-templates/${index}`, template);
      files[`CONFIG_TEMPLATE_${index}`] = `config-templates/${index},out/${index}`;
    }
    const { code, stderr } = bootstrap(['-resolve=false', '-print-env=false'], { ...VARIABLES, ...files });
    expect(code, stderr).toBe(0);
    const rendered = TEMPLATES.map(([name, template], index) => [name, template, read(`out/${index}`)]);
    expect(rendered).toEqual(TEMPLATES);
  });

  test('a template that is wrong says where, ends with 1, and leaves no file', () => {
    const { render, read } = sandbox(platform);
    for (const [name, template, complaint] of MISTAKES) {
      const { code, stderr, text } = render(template, VARIABLES);
      expect([code, text, stderr], name).toEqual([1, undefined, expect.stringContaining(`bootstrap: ${complaint}\n`)]);
      expect(stderr, name).toContain('CONFIG_TEMPLATE_FILE: ');
    }
    expect(read('file')).toBeUndefined();
  });

  test('bytes that are no text pass as they are', () => {
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
    const { render, directory } = sandbox(platform);
    expect(render(Buffer.concat([bytes, Buffer.from('{{NAME}}'), bytes]), VARIABLES)).toMatchObject({ code: 0 });
    const written = readFileSync(join(directory, 'file'));
    expect(written.equals(Buffer.concat([bytes, Buffer.from('data-0'), bytes]))).toBe(true);
  });

  test('NUL, which not every awk can read, is refused by all', () => {
    const { code, stderr, text } = sandbox(platform).render('a\0b{{NAME}}\n', VARIABLES);
    expect([code, text, stderr]).toEqual([1, undefined, expect.stringContaining('holds NUL bytes')]);
  });

  test('it renders what mustache.js renders', () => {
    const { write, read, bootstrap } = sandbox(platform);
    const files = Object.fromEntries(
      Array.from({ length: BATCH }, (_, index) => [`CONFIG_TEMPLATE_${index}`, `${index},out/${index}`]),
    );
    fc.assert(
      fc.property(fc.array(template, { minLength: BATCH, maxLength: BATCH }), variables, (templates, values) => {
        for (const [index, text] of templates.entries()) write(String(index), text);
        const { code, stderr } = bootstrap(['-resolve=false', '-print-env=false'], { ...values, ...files });
        expect(code, stderr).toBe(0);
        const view = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, value.toLowerCase() === 'false' ? false : value]),
        );
        for (const [index, text] of templates.entries()) {
          expect(read(`out/${index}`)).toBe(Mustache.render(text, view, {}, { escape: escapedAsInGo }));
        }
      }),
      { numRuns: 3 },
    );
  });
});

/** Templates rendered by one run of the helper. */
const BATCH = 20;

function escapedAsInGo(value: unknown): string {
  const as: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
  return String(value).replace(/[&<>"']/g, (character) => as[character] ?? character);
}

const NAMES = ['A', 'B_1', 'lower', 'Missing', 'OFF'] as const;

/** Not blank, and no NUL: blank values are true in sections of mustache.js, and no environment holds a NUL. */
const variables = fc.record({
  A: fc.string({ unit: 'grapheme' }).filter((text) => text === '' || (/\S/.test(text) && !text.includes('\0'))),
  B_1: fc.constantFrom('x', '&\\&', '{{A}}', '"<\'>', 'one\ntwo\n', '$(A)', '%s'),
  lower: fc.constantFrom('', 'ü', '\\', '0'),
  OFF: fc.constantFrom('false', 'False', ''),
});

/** Text without braces (those are in the table), with a character that keeps its line from being blank. */
const plain = fc.string({ unit: fc.constantFrom(...'abc= "\'&\\%$#/^!;.\tü🙂') }).map((text) => `x${text}`);
const name = fc.constantFrom(...NAMES);
const tag = fc.oneof(
  name.map((of) => `{{${of}}}`),
  name.map((of) => `{{ ${of} }}`),
  name.map((of) => `{{{${of}}}}`),
  name.map((of) => `{{& ${of}}}`),
  fc.constant('{{! said to nobody }}'),
);
const lineEnd = fc.constantFrom('\n', '\r\n');
const indent = fc.constantFrom('', '  ', '\t');

/** Lines, and sections of lines: each section tag either alone on its line or amid text. */
const template = fc.letrec<{ block: string; item: string }>((tie) => ({
  block: fc.array(tie('item'), { maxLength: 4 }).map((items) => items.join('')),
  item: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(fc.array(fc.oneof(plain, tag), { maxLength: 5 }), lineEnd)
      .map(([parts, end]) => `x${parts.join('')}${end}`),
    fc
      .tuple(name, fc.constantFrom('#', '^'), plain, tag)
      .map(([of, kind, text, inner]) => `x{{${kind}${of}}}${text}${inner}{{/${of}}}`),
    fc
      .tuple(name, fc.constantFrom('#', '^'), tie('block'), indent, lineEnd)
      .map(
        ([of, kind, block, before, end]) =>
          `y${end}${before}{{${kind}${of}}}${end}${block}z${end}${before}{{/${of}}}${end}`,
      ),
  ),
})).block;
