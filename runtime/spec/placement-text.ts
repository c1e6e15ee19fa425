/**
 * Placement rules as text. Promises the operator's own words: what the grammar can say reads back as the same rule; what only a
 * stored configuration can say is put in words of the same kind.
 */
import type { PlacementField, PlacementRule } from './service.ts';

/** `hostname:MAX_PER:2,rack:LIKE:r-[1-3]`; JSON rows where colons and commas cannot carry a field. */
export function placementText(rule: PlacementRule): string {
  const rows = rule.kind === 'all' && rule.rules.length > 1 ? rule.rules.map(rowOf) : [rowOf(rule)];
  if (!rows.every((row) => row !== undefined)) return sentence(rule);
  return rows.flat().every(isPlain) ? rows.map(colonRow).join(',') : JSON.stringify(rows);
}

/** `hostname`, `@zone`, `@region`, or the name of the attribute. */
export function fieldText(field: PlacementField): string {
  switch (field.kind) {
    case 'hostname':
      return 'hostname';
    case 'attribute':
      return field.name;
    default:
      return `@${field.kind}`;
  }
}

/** Whether some part of the rule is by `@zone` or `@region`; the local region, which no author writes, does not count. */
export function mentions(rule: PlacementRule, kind: 'zone' | 'region'): boolean {
  switch (rule.kind) {
    case 'all':
    case 'any':
      return rule.rules.some((part) => mentions(part, kind));
    case 'not':
      return mentions(rule.rule, kind);
    case 'local-region':
      return false;
    default:
      return rule.field.kind === kind;
  }
}

/** The row of the grammar that says this, if there is one. */
function rowOf(rule: PlacementRule): string[] | undefined {
  switch (rule.kind) {
    case 'max-per':
      return [fieldText(rule.field), ...(rule.max === 1 ? ['UNIQUE'] : ['MAX_PER', String(rule.max)])];
    case 'group-by':
      return [fieldText(rule.field), 'GROUP_BY', ...(rule.values === undefined ? [] : [String(rule.values)])];
    case 'value':
      return [fieldText(rule.field), rule.match === 'exact' ? 'IS' : 'LIKE', rule.text];
    case 'not':
      return rule.rule.kind === 'value'
        ? [fieldText(rule.rule.field), rule.rule.match === 'exact' ? 'IS_NOT' : 'UNLIKE', rule.rule.text]
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a field survives colon text: it is not trimmed, escapes nothing after it, and does not look like JSON. */
function isPlain(field: string): boolean {
  return field === field.trim() && !field.endsWith('\\') && !field.startsWith('[');
}

function colonRow(row: readonly string[]): string {
  return row.map((field) => field.replace(/[,:]/g, '\\$&')).join(':');
}

function sentence(rule: PlacementRule): string {
  switch (rule.kind) {
    case 'all':
    case 'any':
      if (rule.rules.length === 0) return 'nothing';
      return rule.rules.map((part) => `(${placementText(part)})`).join(rule.kind === 'all' ? ' and ' : ' or ');
    case 'not':
      return `not (${placementText(rule.rule)})`;
    default:
      return 'local-region';
  }
}
