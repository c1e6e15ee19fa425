/**
 * Placement constraints as operators write them: a JSON row, JSON rows, or `field:OPERATOR:parameter` text (svc.yml section 5).
 * Promises a rule, no rule, or the reason why not; never guesses at a constraint that it cannot keep.
 */
import { shortened } from './problem.ts';
import type { PlacementRule } from './service.ts';

export type Placement = { ok: true; rule?: PlacementRule } | { ok: false; reason: string };

type Row = readonly string[];

/** Empty text and `[]` mean no constraint. Several rows must all hold, so the tightest counts. */
export function parsePlacement(text: string): Placement {
  if (text === '' || text === '[]') return { ok: true };
  let max = Number.POSITIVE_INFINITY;
  for (const row of rowsOf(text)) {
    const most = mostPerHost(row);
    if (typeof most === 'string') return { ok: false, reason: most };
    max = Math.min(max, most);
  }
  return Number.isFinite(max)
    ? { ok: true, rule: { kind: 'max-per', field: { kind: 'hostname' }, max } }
    : { ok: false, reason: 'holds no constraint' };
}

/** What is not JSON is read as text, as upstream does; broken JSON then fails by its fields. */
function rowsOf(text: string): Row[] {
  try {
    const json: unknown = JSON.parse(text);
    if (isRow(json)) return [json.map(String)];
    if (Array.isArray(json) && json.every(isRow)) return json.map((row) => row.map(String));
  } catch {
    // Not JSON.
  }
  return text.split(',').map((row) => row.split(':').map((field) => field.trim()));
}

function isRow(json: unknown): json is unknown[] {
  return (
    Array.isArray(json) &&
    json.length > 0 &&
    json.every((field) => ['string', 'number', 'boolean'].includes(typeof field))
  );
}

/** How many instances a host may hold, or why the row says no such thing. */
function mostPerHost(row: Row): number | string {
  const [field = '', operator = '', parameter] = row;
  if (row.length < 2 || row.length > 3)
    return `has ${row.length} fields in "${shortened(row.join(':'))}", needs 2 or 3`;
  if (field !== 'hostname' && field !== '@hostname') return `cannot be by "${shortened(field)}"`;
  switch (operator.toUpperCase()) {
    case 'UNIQUE':
      return 1;
    case 'MAX_PER':
      if (parameter === undefined) return 'MAX_PER has no number';
      return /^[1-9][0-9]{0,8}$/.test(parameter)
        ? Number(parameter)
        : `MAX_PER needs a number from 1 on, has "${shortened(parameter)}"`;
    default:
      return `cannot use the operator "${shortened(operator)}"`;
  }
}
