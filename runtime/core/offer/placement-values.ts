/**
 * The values of a placement field: those of an agent that offers, and those that a task's record has kept of its agent. Promises
 * one text form for both (svc-yml 5.3), so that what is counted and what is offered can be compared.
 */
import type { Attribute, Offer, TaskInfo } from '../../kit/mesos.ts';
import type { PlacementField } from '../../spec/service.ts';
import { labelOf } from '../tasks/record.ts';

/** The values of a field somewhere: none where the agent has no such attribute, or no domain. */
export type Place = (field: PlacementField) => readonly string[];

/** The part of an offer that says where its agent is. */
export type Whereabouts = Pick<Offer, 'hostname' | 'attributes' | 'domain'>;

export function placeOf({ hostname, attributes, domain }: Whereabouts): Place {
  return (field) => {
    switch (field.kind) {
      case 'hostname':
        return [hostname];
      case 'attribute':
        return (attributes ?? []).filter(({ name }) => name === field.name).map(attributeValue);
      default: {
        const value = domain?.fault_domain?.[field.kind].name;
        return value === undefined ? [] : [value];
      }
    }
  };
}

/** Where a task was launched last, as its labels tell (svc-yml 4.5). */
export function recordedPlace(info: TaskInfo): Place {
  return (field) => {
    if (field.kind === 'attribute') {
      const prefix = `${field.name}:`;
      const all = labelOf(info, 'offer_attributes')?.split(';') ?? [];
      return all.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
    }
    const value = labelOf(info, `offer_${field.kind}`);
    return value === undefined ? [] : [value];
  };
}

/** The label `offer_attributes`: `rack:r1;load:0.500;slots:[1-4];zones:{a,b}`. */
export function attributesText(attributes: readonly Attribute[] = []): string {
  return attributes.map((attribute) => `${attribute.name}:${attributeValue(attribute)}`).join(';');
}

function attributeValue({ type, text, scalar, ranges, set }: Attribute): string {
  switch (type) {
    case 'TEXT':
      return text?.value ?? '';
    case 'SCALAR':
      return (scalar?.value ?? 0).toFixed(3);
    case 'RANGES':
      return `[${(ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',')}]`;
    case 'SET':
      return `{${(set?.item ?? []).join(',')}}`;
  }
}
