/**
 * Placement constraints as operators write them: a JSON row, JSON rows, or `field:OPERATOR:parameter` text (svc-yml 5.1, 5.2).
 * Promises a rule, no rule, or the reason why not and where; never guesses at a constraint that it cannot keep.
 */
import { nearest } from './nearest.ts';
import { badPattern } from './placement-pattern.ts';
import { type Field, type Row, rowsOf } from './placement-rows.ts';
import { shortened } from './problem.ts';
import type { PlacementField, PlacementRule } from './service.ts';

/** `reason` goes on after "placement"; `from` to `to` (exclusive) is the part of the text that is meant, else all of it. */
export type Placement =
  | { readonly ok: true; readonly rule?: PlacementRule }
  | { readonly ok: false; readonly reason: string; readonly from?: number; readonly to?: number };

type Read = { ok: true; rule: PlacementRule } | (Placement & { ok: false });

/** Empty text and `[]` mean no constraint. Several rows must all hold. */
export function parsePlacement(text: string): Placement {
  if (text === '' || text === '[]') return { ok: true };
  if (text.trim() === '') return no('is blank: write [] or nothing where any agent will do');
  const rows = rowsOf(text);
  if (!rows) return no('begins as JSON but is no row such as ["hostname", "UNIQUE"] and no list of such rows');
  const rules: PlacementRule[] = [];
  for (const row of rows) {
    const read = ruleOf(row, text);
    if (!read.ok) return read;
    rules.push(read.rule);
  }
  return rules.length === 1 && rules[0] ? { ok: true, rule: rules[0] } : { ok: true, rule: { kind: 'all', rules } };
}

function no(reason: string, at?: { readonly from: number; readonly to: number }): Placement & { ok: false } {
  return { ok: false, reason, ...(at ? { from: at.from, to: at.to } : {}) };
}

function yes(rule: PlacementRule): Read {
  return { ok: true, rule };
}

function ruleOf(row: Row, text: string): Read {
  const [name, operator, parameter, ...rest] = row.fields;
  if (!name) return no('has an empty row: write [] or nothing where any agent will do', row);
  if (!operator || rest.length > 0) {
    const written = shortened(text.slice(row.from, row.to).trim());
    const fields = row.fields.length === 1 ? '1 field' : `${row.fields.length} fields`;
    return no(`has ${fields} in "${written}", needs 2 or 3`, row);
  }
  const field = fieldOf(name);
  if (!field) return no(`cannot be by "${shortened(name.text)}": no agent attribute has such a name`, name);
  const read = OPERATORS[operator.text.toUpperCase()];
  if (!read) return no(unknownOperator(operator.text), operator);
  return read(field, { operator, parameter, text });
}

/** Mesos ends an attribute's name at its first colon. */
function fieldOf({ text }: Field): PlacementField | undefined {
  if (text === 'hostname' || text === '@hostname') return { kind: 'hostname' };
  if (text === '@zone') return { kind: 'zone' };
  if (text === '@region') return { kind: 'region' };
  return text === '' || text.includes(':') ? undefined : { kind: 'attribute', name: text };
}

interface Operands {
  readonly operator: Field;
  readonly parameter: Field | undefined;
  /** The whole placement. */
  readonly text: string;
}

const OPERATORS: Readonly<Record<string, (field: PlacementField, operands: Operands) => Read>> = {
  UNIQUE: (field) => yes({ kind: 'max-per', field, max: 1 }),
  MAX_PER: (field, operands) => count(operands, (max) => ({ kind: 'max-per', field, max })),
  GROUP_BY: (field, operands) =>
    operands.parameter
      ? count(operands, (values) => ({ kind: 'group-by', field, values }))
      : yes({ kind: 'group-by', field }),
  CLUSTER: equal,
  IS: equal,
  IS_NOT: (field, operands) => not(equal(field, operands)),
  LIKE: like,
  UNLIKE: (field, operands) => not(like(field, operands)),
};

function unknownOperator(written: string): string {
  const names = Object.keys(OPERATORS);
  const near = nearest(written, names);
  const hint = near ? ` (did you mean ${near}?)` : '';
  return `cannot use the operator "${shortened(written)}"${hint}: it is one of ${names.join(', ')}`;
}

/** The numbers of Marathon are Java's. */
const LARGEST = 2 ** 31 - 1;

function count({ operator, parameter }: Operands, rule: (count: number) => PlacementRule): Read {
  const name = operator.text.toUpperCase();
  if (!parameter) return no(`has ${name} without its number`, operator);
  const number = /^\+?[0-9]{1,10}$/.test(parameter.text) ? Number(parameter.text) : 0;
  return number >= 1 && number <= LARGEST
    ? yes(rule(number))
    : no(`needs a whole number from 1 on for ${name}, has "${shortened(parameter.text)}"`, parameter);
}

function equal(field: PlacementField, { operator, parameter }: Operands): Read {
  return parameter
    ? yes({ kind: 'value', field, match: 'exact', text: parameter.text })
    : no(`has ${operator.text.toUpperCase()} without the value to compare with`, operator);
}

function like(field: PlacementField, { operator, parameter, text }: Operands): Read {
  if (!parameter) return no(`has ${operator.text.toUpperCase()} without its regular expression`, operator);
  const bad = badPattern(parameter.text);
  if (!bad) return yes({ kind: 'value', field, match: 'regex', text: parameter.text });
  return no(bad.reason, pieceOf(parameter, text, bad.piece));
}

function not(read: Read): Read {
  return read.ok ? yes({ kind: 'not', rule: read.rule }) : read;
}

/** The piece as it was written; where escapes hide it, all of the field. */
function pieceOf(field: Field, text: string, piece: string | undefined): { from: number; to: number } {
  const at = piece ? text.slice(field.from, field.to).indexOf(piece) : -1;
  return piece && at >= 0 ? { from: field.from + at, to: field.from + at + piece.length } : field;
}
