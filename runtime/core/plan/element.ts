/**
 * What phases and steps are called by: their names, and ids made of names. Promises the same id for the same element in every process
 * and for ever; remembers nothing.
 */
import { isUuid, nameUuid } from '../../kit/digest.ts';

/** The id of a phase, or of a step of it. */
export function elementId(service: string, plan: string, phase: string, step?: string): string {
  return nameUuid(JSON.stringify(step === undefined ? [service, plan, phase] : [service, plan, phase, step]));
}

/** Those that somebody calls so: what reads as a UUID is an id and nothing else, all else is a name (http-api 2.6). */
export function called<T extends { readonly name: string }>(
  elements: readonly T[],
  said: string,
  idOf: (element: T) => string,
): T[] {
  const id = isUuid(said) ? said.toLowerCase() : undefined;
  return elements.filter((element) => (id === undefined ? element.name === said : idOf(element) === id));
}
