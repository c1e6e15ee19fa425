/**
 * Reads the file that describes machines: YAML of two keys, `agents` and `master`. Promises one sentence about the first mistake,
 * with the place where it is; it must never guess what an unknown key means.
 */
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import type { Attribute, DomainInfo, Range } from '../kit/mesos.ts';
import { type Machine, ordinary, resourcesOfMachine } from './machine.ts';

export interface Machines {
  agents: Machine[];
  /** Where the master is; machines of another region are offered to frameworks that know regions alone. */
  domain?: DomainInfo;
}

interface Place {
  region?: string;
  zone?: string;
}

interface Described extends Place, Partial<Pick<Machine, 'cpus' | 'mem' | 'disk' | 'gpus' | 'mounts' | 'reserved'>> {
  count?: number;
  ports?: string[];
  attributes?: Record<string, string | number | string[]>;
}

interface File {
  agents: Described[];
  master?: Place;
}

const amount = { type: 'number', exclusiveMinimum: 0 } as const;
const place = { region: { type: 'string' }, zone: { type: 'string' } } as const;
const range = { type: 'string', pattern: '^\\d+-\\d+$' } as const;
const isRange = new RegExp(range.pattern);

const schema = {
  type: 'object',
  required: ['agents'],
  additionalProperties: false,
  properties: {
    master: { type: 'object', required: ['region', 'zone'], additionalProperties: false, properties: place },
    agents: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        dependencies: { region: ['zone'], zone: ['region'] },
        properties: {
          ...place,
          count: { type: 'integer', minimum: 1, maximum: 50 },
          cpus: amount,
          mem: amount,
          disk: amount,
          gpus: { type: 'integer', minimum: 0 },
          ports: { type: 'array', minItems: 1, items: range },
          mounts: {
            type: 'array',
            items: {
              type: 'object',
              required: ['size'],
              additionalProperties: false,
              properties: { size: amount, profile: { type: 'string' }, role: { type: 'string' } },
            },
          },
          reserved: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              properties: { cpus: amount, mem: amount, disk: amount, gpus: amount },
            },
          },
          attributes: {
            type: 'object',
            additionalProperties: { type: ['string', 'number', 'array'], items: { type: 'string' } },
          },
        },
      },
    },
  },
};

/** Throws an Error whose message says what is wrong, and where: `agents[1].mem must be number`. */
export function readMachines(text: string): Machines {
  const file: unknown = parse(text);
  const ajv = new Ajv({ allowUnionTypes: true });
  if (!ajv.validate<File>(schema, file)) throw new Error(sentenceOf(ajv.errors?.[0]));
  const agents = file.agents.flatMap(({ count = 1, ...described }, index) => {
    const machine = machineOf(described);
    try {
      resourcesOfMachine(machine, 0);
    } catch (error) {
      throw new Error(`agents[${index}]: ${(error as Error).message}`);
    }
    return Array.from({ length: count }, () => machine);
  });
  const domain = domainOf(file.master ?? {});
  return { agents, ...(domain && { domain }) };
}

function sentenceOf(mistake: ErrorObject | undefined): string {
  const { instancePath = '', message = 'is wrong', params = {} } = mistake ?? {};
  const key: unknown = params['additionalProperty'];
  return `${pathOf(instancePath)} ${message}${typeof key === 'string' ? `: ${key}` : ''}`;
}

function machineOf({ region, zone, ports, attributes, ...rest }: Described): Machine {
  const domain = domainOf({ ...(region !== undefined && { region }), ...(zone !== undefined && { zone }) });
  return {
    ...ordinary,
    ...rest,
    ...(ports !== undefined && { ports: rangesOf(ports) }),
    ...(attributes && { attributes: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)) }),
    ...(domain && { domain }),
  };
}

function domainOf({ region, zone }: Place): DomainInfo | undefined {
  if (region === undefined || zone === undefined) return undefined;
  return { fault_domain: { region: { name: region }, zone: { name: zone } } };
}

/** A number is a scalar, a list of ranges are ranges, another list is a set, all else is text. */
function attributeOf(name: string, value: string | number | string[]): Attribute {
  if (typeof value === 'number') return { name, type: 'SCALAR', scalar: { value } };
  if (typeof value === 'string') return { name, type: 'TEXT', text: { value } };
  const isRanges = value.length > 0 && value.every((item) => isRange.test(item));
  return isRanges
    ? { name, type: 'RANGES', ranges: { range: rangesOf(value) } }
    : { name, type: 'SET', set: { item: value } };
}

function rangesOf(texts: readonly string[]): Range[] {
  return texts.map((text) => {
    const [begin, end] = text.split('-').map(Number);
    return { begin: begin ?? 0, end: end ?? 0 };
  });
}

/** `/agents/0/mounts/1/size` as `agents[0].mounts[1].size`. */
function pathOf(pointer: string): string {
  const path = pointer
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .slice(1);
  return path === '' ? 'the file' : path;
}
