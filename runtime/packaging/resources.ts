/** What `resource.json` may say (packaging section 1.4). Promises each mistake of it; never reads the file. */
import type { JsonObject } from './json.ts';
import { type Violation, violationsOf } from './violations.ts';

export function resourceViolations(resource: JsonObject): readonly Violation[] {
  const judged = violationsOf(SCHEMA, resource);
  if (!judged.ok) throw new Error(judged.reason);
  return judged.violations;
}

const texts = (description: string) => ({ type: 'object', additionalProperties: address(description), description });
const address = (description: string) => ({ type: 'string', minLength: 1, description });
const fields = (properties: JsonObject, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});

const executable = fields(
  {
    kind: { enum: ['executable', 'zip'], description: 'how the file at url is packed' },
    url: address('where the file is'),
    contentHash: {
      type: 'array',
      items: fields(
        {
          algo: { enum: ['sha256'], description: 'the one that is known' },
          value: { type: 'string', pattern: '^[0-9a-f]{64}$', description: '64 hexadecimal digits in lower case' },
        },
        ['algo', 'value'],
      ),
      minItems: 1,
      description: 'a list of { "algo": "sha256", "value" }',
    },
  },
  ['kind', 'url', 'contentHash'],
);

const platform = fields({ 'x86-64': executable }, ['x86-64']);

const SCHEMA: JsonObject = fields({
  assets: fields({
    uris: texts('files by names of your own, each with its address'),
    container: fields({ docker: texts('Docker images by names of your own, such as nginx:1.27') }),
  }),
  images: fields({
    'icon-small': address('a PNG of 48 by 48 pixels'),
    'icon-medium': address('a PNG of 96 by 96 pixels'),
    'icon-large': address('a PNG of 256 by 256 pixels'),
    screenshots: { type: 'array', items: address('address of a picture'), description: 'addresses of pictures' },
  }),
  cli: fields({ binaries: fields({ darwin: platform, linux: platform, windows: platform }) }),
});
