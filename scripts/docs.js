// `node scripts/docs.js [--check]`: writes the tables of docs/svc-yml.md out of the schema, between the marks that name its parts.
// With --check it writes nothing and fails when the page is not as it would write it.
import { readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

const page = new URL('../docs/svc-yml.md', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('../schema/svc.schema.json', import.meta.url), 'utf8'));

const HEAD = ['| field | type | default | unit | what it does | example |', '|---|---|---|---|---|---|'];
const TYPES = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
  array: 'list',
};

const named = (field) => field?.$ref?.replace('#/definitions/', '');
const resolved = (field) => schema.definitions[named(field)] ?? field;
const typeOf = ({ type }) => TYPES[Array.isArray(type) ? type[0] : type];

/** The section that describes what a field holds, if it is of several fields. */
function sectionOf(field) {
  const { items, additionalProperties } = resolved(field);
  const part = [field, items, additionalProperties].map(resolved).find((candidate) => candidate?.properties);
  return part ? ` See [${part.title}](#${part.title.toLowerCase().replaceAll(' ', '-')})` : '';
}

function defaultOf(field, required) {
  if (required) return 'required';
  const { default: value, 'x-default': words } = field;
  if (words) return words.startsWith('<') ? `\`${words}\`` : words;
  return value === undefined || value === '' || typeof value === 'object' ? 'none' : `\`${value}\``;
}

function rowOf(name, given, required) {
  const field = resolved(given);
  const example = stringify({ [name]: field.examples[0] }, { collectionStyle: 'flow', lineWidth: 0 });
  const written = example.trim().replace(/^\{ (.*) \}$/, '$1');
  const cells = [
    `\`${name}\``,
    typeOf(field),
    defaultOf(field, required),
    field['x-unit'] ?? '-',
    `${field.description.replace(/\.$/, '')}.${sectionOf(given)}`.replace(/\.$/, ''),
    `\`${written}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function tableOf(part) {
  const { properties, required = [] } = part === 'service' ? schema : schema.definitions[part];
  const rows = Object.entries(properties).map(([name, field]) => rowOf(name, field, required.includes(name)));
  return [...HEAD, ...rows].join('\n');
}

const before = readFileSync(page, 'utf8');
const after = before.replace(
  /(<!-- fields of (\S+) -->\n)[\s\S]*?(<!-- end of fields -->)/g,
  (_, start, part, end) => `${start}${tableOf(part)}\n${end}`,
);
if (before !== after && process.argv.includes('--check')) {
  console.error('docs/svc-yml.md is not what the schema says: run `node scripts/docs.js`');
  process.exit(1);
}
writeFileSync(page, after);
