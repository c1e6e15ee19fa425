/**
 * The tags of a mustache template and the text between them, as mustache.js parses them. Promises a way back to the
 * template from every token, and every mistake at its place; never renders.
 */
import mustache from 'mustache';
import { Mistake } from './catalogue.ts';
import type { Finding } from './problem.ts';
import type { Span } from './source.ts';

/** `[type, name or text, from, to, tokens of a section, start of its closing tag]`, as mustache documents its parser. */
export type Token = [type: string, value: string, from: number, to: number, children?: Token[], end?: number];

export interface Misplaced {
  readonly finding: Finding;
  /** In the template. */
  readonly span: Span;
}

export type Tokens =
  | {
      ok: true;
      tokens: Token[];
      /** Where in the template an offset of a token is; the text of a text token is what stands between its offsets there. */
      original(offset: number): number;
    }
  | { ok: false; mistake: Misplaced };

/** A tag longer than this is one that was never closed; it also keeps mustache's patterns from backtracking for long. */
const LONGEST_TAG = 1024;

export function tokensOf(template: string): Tokens {
  const tags = tagsIn(template);
  if (!tags.ok) return tags;
  const { text, original } = condensed(template, tags.spans);
  try {
    // A writer of our own: the shared one would keep every template for ever.
    return { ok: true, tokens: new mustache.Writer().parse(text) as Token[], original };
  } catch (error) {
    return { ok: false, mistake: parserMistake(template, (error as Error).message, original) };
  }
}

/** Every tag, or the first that mustache would read past, or read in a way that svc.yml does not have. */
function tagsIn(template: string): { ok: true; spans: Span[] } | { ok: false; mistake: Misplaced } {
  const no = (finding: Finding, from: number) => ({
    ok: false as const,
    mistake: { finding, span: { from, to: from + 2 } },
  });
  const spans: Span[] = [];
  const opening = /\{\{\s*([{=])?/g;
  for (let match = opening.exec(template); match; match = opening.exec(template)) {
    const from = match.index;
    if (match[1] === '=') return no(Mistake.UnsupportedTag('changes of the braces'), from);
    const inside = from + match[0].length;
    const close = match[1] ? '}}}' : '}}';
    const body = template.slice(inside, inside + LONGEST_TAG);
    const end = body.indexOf(close);
    if (end < 0 || body.slice(0, end).includes('{{')) return no(Mistake.UnclosedTag(), from);
    opening.lastIndex = inside + end + close.length;
    spans.push({ from, to: opening.lastIndex });
  }
  return { ok: true, spans };
}

/** What a stretch of lines without tags is shortened to: some text, on a line of its own. */
const LINES = 'x\n';

/** The template with its lines without tags made short, and the way back: mustache takes long over each character of a text. */
function condensed(template: string, tags: readonly Span[]): { text: string; original(offset: number): number } {
  const parts: string[] = [];
  /** Where what was left out ends: in the short text, and how much longer the template is up to there. */
  const cuts: { at: number; longer: number }[] = [];
  let length = 0;
  let done = 0;
  const keep = (to: number) => {
    parts.push(template.slice(done, to));
    length += to - done;
    done = to;
  };
  const leaveOut = (to: number) => {
    if (to - done <= LINES.length) {
      keep(to);
      return;
    }
    parts.push(LINES);
    length += LINES.length;
    done = to;
    cuts.push({ at: length, longer: to - length });
  };
  for (const { from, to } of tags) {
    // Its line is kept already. Looking for the begin of a long line again and again would take long too.
    if (to <= done) continue;
    if (from > done) leaveOut(Math.max(done, template.lastIndexOf('\n', from) + 1));
    const end = template.indexOf('\n', to) + 1;
    keep(end === 0 ? template.length : end);
  }
  if (template.length > done) leaveOut(template.length);
  return { text: parts.join(''), original: (offset) => offset + longerBy(cuts, offset) };
}

/** By the last cut at or before the offset. */
function longerBy(cuts: readonly { at: number; longer: number }[], offset: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return cuts[low - 1]?.longer ?? 0;
}

/** Mustache says `Unclosed section "x" at 12`; the offset is where it noticed. */
function parserMistake(template: string, message: string, original: (offset: number) => number): Misplaced {
  const [, what, name = '', offset = '0'] =
    /^(Unclosed section|Unopened section) "([\s\S]*)" at (\d+)$/.exec(message) ?? [];
  const noticed = original(Number(offset));
  if (what === 'Unopened section') {
    return { finding: Mistake.UnopenedSection(name), span: tagAt(template, noticed) };
  }
  if (what === 'Unclosed section') {
    return {
      finding: Mistake.UnclosedSection(name),
      span: tagAt(template, lastOpening(template.slice(0, noticed), name)),
    };
  }
  return { finding: Mistake.BadTemplate(message), span: { from: 0, to: 1 } };
}

function lastOpening(before: string, name: string): number {
  for (let at = before.lastIndexOf('{{'); at > 0; at = before.lastIndexOf('{{', at - 1)) {
    const [, tag = ''] = /^\{\{\s*[#^]\s*([^}]*)\}\}/.exec(before.slice(at, at + LONGEST_TAG)) ?? [];
    if (tag.trim() === name) return at;
  }
  return 0;
}

function tagAt(template: string, from: number): Span {
  const end = template.indexOf('}}', from);
  return { from, to: end < 0 ? from + 2 : end + 2 };
}
