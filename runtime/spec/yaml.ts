/**
 * Text as a tree of YAML nodes. Promises all scalars as text and at most one mistake (what follows the first is guesswork); never
 * unfolds an alias and never throws, whatever the text.
 */
import { type Alias, type Document, isAlias, isCollection, isScalar, type Node, parseDocument, visit } from 'yaml';
import { Mistake } from './catalogue.ts';
import type { Finding } from './problem.ts';
import type { Span } from './source.ts';

export type YamlResult =
  | {
      ok: true;
      root: Node | null;
      /** What each alias stands for. */
      aliases: ReadonlyMap<Alias, Node>;
    }
  | { ok: false; finding: Finding; span: Span };

export function parseYaml(text: string): YamlResult {
  // YAML allows no others; a NUL would end a command early.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control) {
    const code = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return { ok: false, finding: Mistake.ControlCharacter(code), span: { from: control.index, to: control.index + 1 } };
  }
  try {
    // failsafe: all scalars are text. Duplicates are found by the reader: the parser's own search is quadratic.
    const document = parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error) {
      const [from, to] = error.pos;
      return { ok: false, finding: findingOf(error.code, error.message), span: { from, to } };
    }
    const { aliases, dangling } = text.includes('*') ? aliasesOf(document as Document) : NO_ALIASES;
    if (!dangling) return { ok: true, root: document.contents, aliases };
    const [from, to] = dangling.range ?? [0, 1];
    return { ok: false, finding: Mistake.UnknownAlias(dangling.source), span: { from, to } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, finding: Mistake.TooDeep(), span: { from: 0, to: 1 } };
  }
}

function findingOf(code: string, message: string): Finding {
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return Mistake.TooDeep();
    case 'MULTIPLE_DOCS':
      return Mistake.SeveralDocuments();
    case 'TAB_AS_INDENT':
      return Mistake.TabIndent();
    default:
      return Mistake.BadYaml(message.replace(/\n[\s\S]*$/, ''));
  }
}

const NO_ALIASES: ReturnType<typeof aliasesOf> = { aliases: new Map() };

/** The parser's own look-up walks the whole document for every alias. An anchor that is set again counts from there on. */
function aliasesOf(document: Document): { aliases: Map<Alias, Node>; dangling?: Alias } {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  const dangling: Alias[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if ((isScalar(node) || isCollection(node)) && node.anchor) anchors.set(node.anchor, node as Node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) aliases.set(node, target);
      else dangling.push(node);
    },
  });
  const [first] = dangling;
  return first ? { aliases, dangling: first } : { aliases };
}
