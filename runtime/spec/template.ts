/**
 * Mustache text rendered against a scope, with a map from every rendered character back to the template. Promises no escaping,
 * no prototype look-ups, and a positioned problem for whatever cannot be rendered; never reads the environment itself.
 *
 * The tokens are mustache's own; only the walk over them is ours, because mustache.js escapes, forgets positions and is silent
 * about missing names.
 */
import mustache from 'mustache';
import { Mistake } from './catalogue.ts';
import type { Finding } from './problem.ts';
import { LARGEST_TEXT, type Span } from './source.ts';

/** What a template is rendered against. */
export interface Scope {
  /** What a value tag prints, or why it cannot. */
  print(name: string): string | Finding;
  /** Whether `{{#name}}` is rendered. */
  truthy(name: string): boolean;
  /** The text that replaces a whole section, for names that stand for a function of its body. */
  apply?(name: string, body: string): string | undefined;
}

export interface Misplaced {
  readonly finding: Finding;
  /** In the template. */
  readonly span: Span;
}

export interface Rendered {
  readonly text: string;
  readonly mistakes: readonly Misplaced[];
  /** Where in the template a stretch of the rendered text comes from. */
  origin(rendered: Span): Origin;
}

export interface Origin extends Span {
  /** At least partly from the value of a tag. */
  readonly fromTag: boolean;
}

/** A stretch of the rendered text: copied from the template, or the value of a tag (then all of it stems from the whole tag). */
interface Segment {
  readonly at: number;
  readonly length: number;
  readonly span: Span;
  readonly tag: boolean;
}

/** `[type, name or text, from, to, tokens of a section, start of its closing tag]`, as mustache documents its parser. */
type Token = [type: string, value: string, from: number, to: number, children?: Token[], end?: number];

/** A tag longer than this is one that was never closed; it also keeps mustache's patterns from backtracking for long. */
const LONGEST_TAG = 1024;
const DEEPEST_SECTION = 100;

export function render(template: string, scope: Scope): Rendered {
  const tokens = tokensOf(template);
  const parts: string[] = [];
  const segments: Segment[] = [];
  const mistakes: Misplaced[] = [];
  let length = 0;

  const emit = (text: string, span: Span, tag: boolean) => {
    if (length > LARGEST_TEXT) return;
    if (length + text.length > LARGEST_TEXT) mistakes.push({ finding: Mistake.TooLarge('what this renders to'), span });
    segments.push({ at: length, length: text.length, span, tag });
    parts.push(text);
    length += text.length;
  };

  const walk = (children: readonly Token[], depth: number): void => {
    for (const [type, value, from, to, inner = [], end = to] of children) {
      const span = { from, to };
      if (type === 'text') emit(value, span, false);
      else if (type === '!') continue;
      else if (type === '>') mistakes.push({ finding: Mistake.UnsupportedTag('partials'), span });
      else if (value === '') mistakes.push({ finding: Mistake.EmptyTag(), span });
      else if (type === '#' || type === '^') {
        const applied = type === '#' ? scope.apply?.(value, template.slice(to, end)) : undefined;
        if (applied !== undefined) emit(applied, { from, to: end }, true);
        else if (depth >= DEEPEST_SECTION) mistakes.push({ finding: Mistake.DeepSection(), span });
        else if (scope.truthy(value) === (type === '#')) walk(inner, depth + 1);
      } else {
        const printed = scope.print(value);
        if (typeof printed !== 'string') mistakes.push({ finding: printed, span });
        emit(typeof printed === 'string' ? printed : '', span, true);
      }
    }
  };

  if (tokens.ok) walk(tokens.tokens, 0);
  else mistakes.push(tokens.mistake);
  return { text: parts.join(''), mistakes, origin: (span) => originOf(segments, span, template.length) };
}

/** A tag that asks for a variable. */
export interface Tag {
  readonly name: string;
  /** In the template. */
  readonly span: Span;
}

/** Every tag that prints a variable or asks whether it is set, in hidden sections too; none when the template cannot be parsed. */
export function tagsOf(template: string): Tag[] {
  const tokens = tokensOf(template);
  const below = (children: readonly Token[]): Tag[] =>
    children.flatMap(([type, name, from, to, inner = []]) => {
      if (type === 'text' || type === '!' || type === '>') return [];
      return [{ name, span: { from, to } }, ...below(inner)];
    });
  return tokens.ok ? below(tokens.tokens) : [];
}

function tokensOf(template: string): { ok: true; tokens: Token[] } | { ok: false; mistake: Misplaced } {
  const mistake = malformedTag(template);
  if (mistake) return { ok: false, mistake };
  try {
    // A writer of our own: the shared one would keep every template for ever.
    return { ok: true, tokens: new mustache.Writer().parse(template) as Token[] };
  } catch (error) {
    return { ok: false, mistake: parserMistake(template, (error as Error).message) };
  }
}

/** Tags that mustache would read past, or read in a way that svc.yml does not have. */
function malformedTag(template: string): Misplaced | undefined {
  const opening = /\{\{\s*([{=])?/g;
  for (let match = opening.exec(template); match; match = opening.exec(template)) {
    const from = match.index;
    const span = { from, to: from + 2 };
    if (match[1] === '=') return { finding: Mistake.UnsupportedTag('changes of the braces'), span };
    const inside = from + match[0].length;
    const close = match[1] ? '}}}' : '}}';
    const body = template.slice(inside, inside + LONGEST_TAG);
    const end = body.indexOf(close);
    if (end < 0 || body.slice(0, end).includes('{{')) return { finding: Mistake.UnclosedTag(), span };
    opening.lastIndex = inside + end + close.length;
  }
  return undefined;
}

/** Mustache says `Unclosed section "x" at 12`; the offset is where it noticed. */
function parserMistake(template: string, message: string): Misplaced {
  const [, what, name = '', offset = '0'] =
    /^(Unclosed section|Unopened section) "([\s\S]*)" at (\d+)$/.exec(message) ?? [];
  const noticed = Number(offset);
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

/** The union of what the segments under the stretch come from; a tag that came out empty counts when the stretch touches it. */
function originOf(segments: readonly Segment[], { from, to }: Span, templateLength: number): Origin {
  let origin: Origin | undefined;
  let index = firstEndingAt(segments, from);
  const nearest = segments[index];
  for (; index < segments.length; index++) {
    const segment = segments[index];
    if (!segment || segment.at > to) break;
    const last = segment.at + segment.length;
    if (segment.length > 0 && (segment.at >= to || last <= from)) continue;
    const { span, tag } = segment;
    const part = tag
      ? span
      : { from: span.from + Math.max(0, from - segment.at), to: span.from + Math.min(last, to) - segment.at };
    origin = { from: origin?.from ?? part.from, to: part.to, fromTag: tag || (origin?.fromTag ?? false) };
  }
  if (origin) return origin;
  const point = nearest ? Math.min(nearest.span.to, nearest.span.from + from - nearest.at) : templateLength;
  return { from: point, to: point, fromTag: false };
}

/** Index of the first segment that ends at or after the offset. */
function firstEndingAt(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment && segment.at + segment.length < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
