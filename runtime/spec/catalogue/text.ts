/** Mistakes of the text itself: its tags, its YAML, its size. Promises one row a mistake; never looks at fields. */
import { row } from './row.ts';

export const textMistakes = {
  MissingVariable: row(
    'SVC001',
    (name: string, _near?: string) => `{{${name}}} has no value`,
    (name, near) => (near ? `did you mean {{${near}}}?` : `set it with -e ${name}=... or give it a default`),
  ),
  UnclosedTag: row(
    'SVC002',
    () => 'this tag is not closed',
    () => 'end it with as many braces as it begins with, on the same line',
  ),
  EmptyTag: row(
    'SVC002',
    () => 'this tag names no variable',
    () => 'write the name of a variable between the braces',
  ),
  UnclosedSection: row(
    'SVC002',
    (name: string) => `section {{#${name}}} is not closed`,
    (name) => `close it with {{/${name}}}, inside the section that it began in`,
  ),
  UnopenedSection: row(
    'SVC002',
    (name: string) => `{{/${name}}} closes a section that is not open`,
    (name) => `open it with {{#${name}}} or {{^${name}}}, or remove it`,
  ),
  DeepSection: row(
    'SVC002',
    () => 'sections are nested too deeply',
    () => 'nest at most 100',
  ),
  TooManySections: row(
    'SVC002',
    () => 'its lists unfold to more than 100000 sections',
    () => 'write shorter lists, or nest fewer of them',
  ),
  UnsupportedTag: row(
    'SVC002',
    (what: string) => `${what} are not supported`,
    () => 'write the text itself',
  ),
  BadTemplate: row('SVC002', (reason: string) => `this template cannot be read: ${reason}`),

  BadYaml: row(
    'SVC003',
    (reason: string) => `this is not valid YAML: ${reason}`,
    () => 'check indentation, colons and quotes around here',
  ),
  TabIndent: row(
    'SVC003',
    () => 'YAML cannot be indented with tabs',
    () => 'indent with spaces',
  ),
  SeveralDocuments: row(
    'SVC003',
    () => 'a second document begins here',
    () => 'keep one document in a file',
  ),
  UnknownAlias: row(
    'SVC003',
    (name: string) => `*${name} stands for nothing`,
    (name) => `name a value with &${name} before this, or put the text in quotes`,
  ),
  ControlCharacter: row(
    'SVC003',
    (code: string) => `the character ${code} cannot stand in YAML`,
    () => 'remove it',
  ),
  TooLarge: row(
    'SVC003',
    (what: string) => `${what} is larger than 1 MiB`,
    () => 'a definition has to fit into one ZooKeeper node',
  ),
  TooDeep: row(
    'SVC003',
    () => 'lists and maps are nested too deeply',
    () => 'a service definition needs less than ten levels',
  ),
  TooMany: row(
    'SVC003',
    () => 'the definition unfolds to more than 50000 fields',
    () => 'write less, or fewer aliases',
  ),
  NotAService: row(
    'SVC003',
    () => 'the file does not hold a map',
    () => 'begin with name: and pods:',
  ),
  DuplicateKey: row(
    'SVC004',
    (key: string) => `${key} is there twice`,
    () => 'remove one of the two',
  ),
  MergeKey: row(
    'SVC005',
    () => 'merge keys (<<) are not supported',
    () => 'write the fields out',
  ),
  KeyNotText: row(
    'SVC005',
    () => 'a key must be plain text',
    () => 'write key: value',
  ),
};
