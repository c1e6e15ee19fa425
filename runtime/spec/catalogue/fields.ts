/** Mistakes of one field by itself: unknown, missing, of the wrong type or form. Promises one row a mistake. */
import { meant, row } from './row.ts';

export const fieldMistakes = {
  UnknownField: row(
    'SVC005',
    (where: string, key: string, _near?: string, _known?: string) => `${where} has no field ${key}`,
    (_where, _key, near, known) => meant(near) ?? (known ? `it has: ${known}` : undefined),
  ),
  MissingField: row(
    'SVC007',
    (where: string, key: string, _example?: string) => `${where} needs ${key}`,
    (_where, key, example) => (example ? `add ${key}: ${example}` : `add ${key}`),
  ),
  EmptyField: row(
    'SVC007',
    (path: string, _example?: string) => `${path} has no value`,
    (_path, example) => (example ? `write a value, such as ${example}` : 'write a value'),
  ),
  NeedsEntries: row(
    'SVC007',
    (path: string) => `${path} is empty`,
    () => 'it needs at least one entry',
  ),
  WrongType: row(
    'SVC008',
    (path: string, wanted: string, is: string, _remedy?: string) => `${path} must be ${wanted}, is ${is}`,
    (_path, _wanted, _is, remedy) => remedy,
  ),
  OutOfRange: row(
    'SVC009',
    (path: string, bound: string, is: string) => `${path} must be ${bound}, is ${is}`,
    (_path, bound) => `write a number that is ${bound}`,
  ),
  Repeated: row(
    'SVC009',
    (path: string, is: string) => `${path} has ${is} twice`,
    () => 'remove one of the two',
  ),
  NotAllowed: row(
    'SVC009',
    (path: string, is: string, _allowed: string) => `${path} cannot be ${is}`,
    (_path, _is, allowed) => `write ${allowed}`,
  ),
  BadForm: row(
    'SVC010',
    (path: string, is: string, _rule: string) => `${path} cannot be ${is}`,
    (_path, _is, rule) => rule,
  ),
  BadPlacement: row(
    'SVC015',
    (reason: string) => `placement ${reason}`,
    () => 'write field, operator and parameter, such as hostname:MAX_PER:2 or [["@zone", "GROUP_BY", "3"]]',
  ),
};
