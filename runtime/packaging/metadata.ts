/**
 * What `package.json` may say (packaging section 1.2). Promises each mistake of it by the rules of its packaging version; never reads
 * the file.
 */
import { keysOf } from '../spec/pointer.ts';
import type { JsonObject } from './json.ts';
import { type Violation, violationsOf } from './violations.ts';

const VERSIONS = ['2.0', '3.0', '4.0', '5.0'];

const text = (description: string) => ({ type: 'string', description });
const versions = (description: string) => ({ type: 'array', items: { type: 'string', minLength: 1 }, description });

/** By the packaging version that has them first. */
const FIELDS: Readonly<Record<string, JsonObject>> = {
  '2.0': {
    packagingVersion: { enum: VERSIONS, description: 'the version of this format, such as "4.0"' },
    name: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*[a-z0-9]$',
      description: 'lower-case letters, digits and dashes, such as "hello-world"',
    },
    version: { type: 'string', minLength: 1, description: 'such as "1.2.0"' },
    scm: text('address of the sources'),
    maintainer: text('name or mail address'),
    website: text('address of the documentation'),
    description: text('one or two sentences'),
    framework: { type: 'boolean', description: 'true: the app is a Mesos scheduler' },
    preInstallNotes: text('shown before an install'),
    postInstallNotes: text('shown after an install'),
    postUninstallNotes: text('shown after an uninstall'),
    tags: { type: 'array', items: { type: 'string', pattern: '^[^\\s]+$' }, description: 'words without blanks' },
    selected: { type: 'boolean', description: 'true: shown on the first page' },
    licenses: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: text('such as "Apache-2.0"'), url: text('address of its text') },
        required: ['name', 'url'],
        additionalProperties: false,
      },
      description: 'a list of { "name", "url" }',
    },
  },
  '3.0': {
    minDcosReleaseVersion: { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)*$', description: 'such as "1.11"' },
    lastUpdated: { type: 'integer', minimum: 0, description: 'seconds since 1970' },
    hasKnownIssues: { type: 'boolean', description: 'true or false' },
  },
  '4.0': {
    upgradesFrom: versions('versions that can be updated to this one, or ["*"]'),
    downgradesTo: versions('versions that this one can go back to, or ["*"]'),
  },
  '5.0': {
    manager: {
      type: 'object',
      properties: {
        packageName: text('the package that manages this one'),
        minPackageVersion: text('such as "1.0.0"'),
      },
      required: ['packageName'],
      description: 'the package that manages the installation',
    },
  },
};

/** An unknown version counts as the newest, beside being a mistake itself. */
export function metadataViolations(metadata: JsonObject): Violation[] {
  const known = VERSIONS.indexOf(String(metadata['packagingVersion']));
  const upTo = known < 0 ? VERSIONS.length : known + 1;
  const judged = violationsOf(schemaOf(VERSIONS.slice(0, upTo)), metadata);
  if (!judged.ok) throw new Error(judged.reason);
  return judged.violations.map((violation) => {
    const [field = ''] = keysOf(violation.pointer);
    const since = VERSIONS.slice(upTo).find((version) => Object.hasOwn(FIELDS[version] ?? {}, field));
    if (!since) return violation;
    const remedy = `write "packagingVersion": "${since}", or leave ${field} out`;
    return { ...violation, rule: `needs packagingVersion ${since}`, remedy };
  });
}

function schemaOf(versions: readonly string[]): JsonObject {
  const properties = Object.assign({}, ...versions.map((version) => FIELDS[version]));
  const plain = versions.length > 1 ? { pattern: '^[-a-zA-Z0-9.]+$' } : {};
  return {
    type: 'object',
    properties: { ...properties, version: { ...properties.version, ...plain } },
    required: ['packagingVersion', 'name', 'version', 'maintainer', 'description', 'tags'],
    additionalProperties: false,
  };
}
