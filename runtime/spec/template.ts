/**
 * Mustache text rendered against a scope, with a map from every rendered character back to the template. Promises no escaping,
 * no prototype look-ups, and a positioned problem for whatever cannot be rendered; never reads the environment itself.
 *
 * The walk over mustache's tokens is ours, because mustache.js escapes, forgets positions and is silent about missing names.
 */
import { Mistake } from './catalogue.ts';
import type { Finding } from './problem.ts';
import { LARGEST_TEXT, type Span } from './source.ts';
import { type Misplaced, type Token, tokensOf } from './tokens.ts';

/** What a template is rendered against. */
export interface Scope {
  /** What a value tag prints, or why it cannot. */
  print(name: string): string | Finding;
  /** Whether `{{#name}}` is rendered. */
  truthy(name: string): boolean;
  /** What `{{#name}}` is rendered against, once for each; without this, or when it gives nothing, once against this scope. */
  within?(name: string): readonly Scope[] | undefined;
  /** The text that replaces a whole section, for names that stand for a function of its body. */
  apply?(name: string, body: string): string | undefined;
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

const DEEPEST_SECTION = 100;
/** Lists within lists multiply. */
const MOST_SECTIONS = 100_000;

export function render(template: string, scope: Scope): Rendered {
  const tokens = tokensOf(template);
  const parts: string[] = [];
  const segments: Segment[] = [];
  const mistakes: Misplaced[] = [];
  let length = 0;
  let sections = 0;

  const emit = (text: string, span: Span, tag: boolean) => {
    if (length > LARGEST_TEXT) return;
    if (length + text.length > LARGEST_TEXT) mistakes.push({ finding: Mistake.TooLarge('what this renders to'), span });
    segments.push({ at: length, length: text.length, span, tag });
    parts.push(text);
    length += text.length;
  };

  const original = tokens.ok ? tokens.original : (offset: number) => offset;
  const walk = (children: readonly Token[], scope: Scope, depth: number): void => {
    for (const [type, value, start, stop, inner = [], close = stop] of children) {
      const [from, to, end] = [original(start), original(stop), original(close)];
      const span = { from, to };
      if (type === 'text') emit(template.slice(from, to), span, false);
      else if (type === '!') continue;
      else if (type === '>') mistakes.push({ finding: Mistake.UnsupportedTag('partials'), span });
      else if (value === '') mistakes.push({ finding: Mistake.EmptyTag(), span });
      else if (type === '#' || type === '^') {
        const applied = type === '#' ? scope.apply?.(value, template.slice(to, end)) : undefined;
        if (applied !== undefined) emit(applied, { from, to: end }, true);
        else if (depth >= DEEPEST_SECTION) mistakes.push({ finding: Mistake.DeepSection(), span });
        else if (scope.truthy(value) === (type === '#')) {
          for (const inside of (type === '#' ? scope.within?.(value) : undefined) ?? [scope]) {
            sections += 1;
            if (sections === MOST_SECTIONS) mistakes.push({ finding: Mistake.TooManySections(), span });
            if (sections >= MOST_SECTIONS) return;
            walk(inner, inside, depth + 1);
          }
        }
      } else {
        const printed = scope.print(value);
        if (typeof printed !== 'string') mistakes.push({ finding: printed, span });
        emit(typeof printed === 'string' ? printed : '', span, true);
      }
    }
  };

  if (tokens.ok) walk(tokens.tokens, scope, 0);
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
  if (!tokens.ok) return [];
  const found: Tag[] = [];
  // Not recursive: a file may nest sections deeper than the stack.
  const left = [...tokens.tokens];
  for (let token = left.pop(); token; token = left.pop()) {
    const [type, name, from, to, inner = []] = token;
    if (type === 'text' || type === '!' || type === '>') continue;
    found.push({ name, span: { from: tokens.original(from), to: tokens.original(to) } });
    left.push(...inner);
  }
  return found.sort((a, b) => a.span.from - b.span.from);
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
