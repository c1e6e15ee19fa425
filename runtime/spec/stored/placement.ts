/**
 * Placement rules in the stored service spec (svc-yml 5.4), both ways: upstream's classes and their fields. Promises that a rule
 * keeps its meaning; what upstream's code can say and we cannot is an error, never another rule.
 */
import { badPattern } from '../placement-pattern.ts';
import type { PlacementField, PlacementRule } from '../service.ts';

/** A rule class of upstream's, with the fields of its kind. */
export interface StoredRule {
  '@type': string;
  rules?: StoredRule[];
  rule?: StoredRule;
  matcher?: StoredMatcher;
  max?: number;
  name?: string;
  'value-count'?: number | null;
  'agent-count'?: number | null;
  'zone-count'?: number | null;
  'region-count'?: number | null;
  'task-filter'?: StoredMatcher;
}

interface StoredMatcher {
  '@type': string;
  pattern?: string;
  string?: string;
}

type RuleOf<K extends PlacementRule['kind']> = PlacementRule & { kind: K };

/** What the class names end in, and where a round robin keeps its number of values. */
const FIELDS = {
  hostname: { noun: 'Hostname', values: 'agent-count' },
  zone: { noun: 'Zone', values: 'zone-count' },
  region: { noun: 'Region', values: 'region-count' },
  attribute: { noun: 'Attribute', values: 'value-count' },
} as const satisfies Record<PlacementField['kind'], { noun: string; values: keyof StoredRule }>;

/** Some value, whichever it is. */
const ANYTHING = '.*';

/** Rules that count say of which pod type: upstream filters by the names of tasks. */
export function storedPlacement(rule: PlacementRule, podType: string): StoredRule {
  switch (rule.kind) {
    case 'all':
    case 'any': {
      const rules = rule.rules.map((part) => storedPlacement(part, podType));
      return { '@type': rule.kind === 'all' ? 'AndRule' : 'OrRule', rules };
    }
    case 'not':
      return rule.rule.kind === 'value' && rule.rule.match === 'exact'
        ? storedValue(rule.rule, 'InvertedExactMatcher')
        : { '@type': 'NotRule', rule: storedPlacement(rule.rule, podType) };
    case 'value':
      return storedValue(rule, rule.match === 'exact' ? 'ExactMatcher' : 'RegexMatcher');
    case 'max-per':
      return storedMaxPer(rule, podType);
    case 'group-by': {
      const { field, values } = rule;
      const { noun, values: key } = FIELDS[field.kind];
      return {
        '@type': `RoundRobinBy${noun}Rule`,
        ...(field.kind === 'attribute' ? { name: field.name } : {}),
        [key]: values ?? null,
        'task-filter': tasksOf(podType),
      };
    }
    case 'local-region':
      return { '@type': 'IsLocalRegionRule' };
  }
}

function storedValue(
  { field, text }: RuleOf<'value'>,
  type: 'ExactMatcher' | 'InvertedExactMatcher' | 'RegexMatcher',
): StoredRule {
  const wanted = field.kind === 'attribute' ? `${field.name}:${text}` : text;
  const matcher = type === 'RegexMatcher' ? regex(wanted) : { '@type': type, string: wanted };
  return { '@type': `${FIELDS[field.kind].noun}Rule`, matcher };
}

/** Upstream asks apart whether there is such an attribute. */
function storedMaxPer({ field, max }: RuleOf<'max-per'>, podType: string): StoredRule {
  const type = `MaxPer${FIELDS[field.kind].noun}Rule`;
  const filter = { 'task-filter': tasksOf(podType) };
  if (field.kind !== 'attribute') return { '@type': type, max, ...filter };
  const matcher = regex(`${field.name}:${ANYTHING}`);
  return {
    '@type': 'AndRule',
    rules: [
      { '@type': 'AttributeRule', matcher },
      { '@type': type, max, matcher, ...filter },
    ],
  };
}

function regex(pattern: string): StoredMatcher {
  return { '@type': 'RegexMatcher', pattern };
}

function tasksOf(podType: string): StoredMatcher {
  return regex(`${podType}-.*`);
}

const KINDS = Object.keys(FIELDS) as PlacementField['kind'][];

/** Undefined: no constraint. Throws for a rule that this version cannot keep. */
export function placementFrom(stored: StoredRule, podType: string): PlacementRule | undefined {
  const type = stored['@type'];
  switch (type) {
    case 'PassthroughRule':
      return undefined;
    case 'IsLocalRegionRule':
      return { kind: 'local-region' };
    case 'AndRule':
      return allFrom(stored.rules ?? [], podType);
    case 'OrRule': {
      const rules = (stored.rules ?? []).map((rule) => placementFrom(rule, podType));
      return rules.every((rule) => rule !== undefined) ? { kind: 'any', rules } : undefined;
    }
    case 'NotRule':
      return { kind: 'not', rule: (stored.rule && placementFrom(stored.rule, podType)) ?? unreadable(type) };
  }
  for (const kind of KINDS) {
    const { noun } = FIELDS[kind];
    if (type === `${noun}Rule`) return valueFrom(stored, kind);
    if (type === `MaxPer${noun}Rule`) return maxPerFrom(stored, kind, podType);
    if (type === `RoundRobinBy${noun}Rule`) return groupByFrom(stored, kind, podType);
  }
  return unreadable(type);
}

function unreadable(what: string): never {
  throw new Error(`this version cannot read the placement rule ${what}`);
}

function allFrom(rules: readonly StoredRule[], podType: string): PlacementRule | undefined {
  const [exists, most] = rules;
  if (rules.length === 2 && exists && most?.['@type'] === 'MaxPerAttributeRule' && isExistence(exists, most))
    return placementFrom(most, podType);
  const parts = rules.map((rule) => placementFrom(rule, podType)).filter((rule) => rule !== undefined);
  return rules.length > 0 && parts.length === 0 ? undefined : { kind: 'all', rules: parts };
}

/** Whether the first rule only asks for the attribute that the second one counts by. */
function isExistence(rule: StoredRule, most: StoredRule): boolean {
  return rule['@type'] === 'AttributeRule' && rule.matcher?.pattern === most.matcher?.pattern;
}

function valueFrom({ '@type': type, matcher }: StoredRule, kind: PlacementField['kind']): PlacementRule {
  switch (matcher?.['@type']) {
    case 'RegexMatcher': {
      const { field, text } = fieldAndText(kind, matcher.pattern ?? '');
      const bad = badPattern(text);
      return bad ? unreadable(`that ${bad.reason}`) : { kind: 'value', field, match: 'regex', text };
    }
    case 'ExactMatcher':
      return { kind: 'value', match: 'exact', ...fieldAndText(kind, matcher.string ?? '') };
    case 'InvertedExactMatcher':
      return { kind: 'not', rule: { kind: 'value', match: 'exact', ...fieldAndText(kind, matcher.string ?? '') } };
    default:
      return unreadable(`${type} with ${matcher?.['@type'] ?? 'no matcher'}`);
  }
}

/** Of an attribute, matchers see `name:value`. */
function fieldAndText(kind: PlacementField['kind'], text: string): Pick<RuleOf<'value'>, 'field' | 'text'> {
  if (kind !== 'attribute') return { field: { kind }, text };
  const colon = text.indexOf(':');
  if (colon < 1) return unreadable(`AttributeRule of "${text}"`);
  return { field: { kind, name: text.slice(0, colon) }, text: text.slice(colon + 1) };
}

function maxPerFrom(stored: StoredRule, kind: PlacementField['kind'], podType: string): PlacementRule {
  const { '@type': type, max = 0, matcher } = stored;
  if (max < 1) return unreadable(`${type} of ${max}`);
  if (!countsOwnType(stored, podType)) return unreadable(`${type} that counts other tasks`);
  if (kind !== 'attribute') return { kind: 'max-per', field: { kind }, max };
  const { field, text } = fieldAndText(kind, matcher?.pattern ?? '');
  return text === ANYTHING ? { kind: 'max-per', field, max } : unreadable(`${type} of "${matcher?.pattern}"`);
}

function groupByFrom(stored: StoredRule, kind: PlacementField['kind'], podType: string): PlacementRule {
  const { '@type': type, name } = stored;
  if (!countsOwnType(stored, podType)) return unreadable(`${type} that counts other tasks`);
  const values = stored[FIELDS[kind].values] ?? 0;
  const count = values > 0 ? { values } : {};
  if (kind !== 'attribute') return { kind: 'group-by', field: { kind }, ...count };
  return name ? { kind: 'group-by', field: { kind, name }, ...count } : unreadable(`${type} without a name`);
}

/** Only upstream's code can count other tasks. */
function countsOwnType({ 'task-filter': filter }: StoredRule, podType: string): boolean {
  return filter?.['@type'] === 'RegexMatcher' && filter.pattern === tasksOf(podType).pattern;
}
