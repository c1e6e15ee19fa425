/** Rules of secrets: each goes somewhere, and no two to one place. Promises nothing about the secret store. */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition } from '../definition.ts';
import { secretFile } from '../names.ts';
import { pointerTo } from '../pointer.ts';
import { type Objection, repeats } from './objection.ts';

/** What may be a path in the sandbox; the schema says the same of `file`. */
const SANDBOX_PATH = /^[.A-Za-z0-9][.A-Za-z0-9_/\\-]*$/;

export function secretObjections(secrets: PodDefinition['secrets'], pod: string): Objection[] {
  const all = Object.entries(secrets).map(([name, secret]) => ({
    name,
    secret,
    pointer: pod + pointerTo('secrets', name),
    file: secretFile(secret),
  }));
  return [
    ...all
      .filter(({ secret, file }) => !secret.file && file !== undefined && !SANDBOX_PATH.test(file))
      .map(({ secret, pointer }) => ({
        finding: Mistake.SecretWithoutPlace(secret.secret),
        pointer: `${pointer}/secret`,
      })),
    ...repeats(
      all,
      ({ secret }) => secret['env-key'] || undefined,
      ({ secret, pointer }, first) => ({
        finding: Mistake.DuplicateVariable(secret['env-key'] ?? '', `secret ${first.name}`),
        pointer: `${pointer}/env-key`,
      }),
    ),
    ...repeats(
      all,
      ({ file }) => file,
      ({ secret, file = '', pointer }, first) => ({
        finding: Mistake.DuplicateFile(file, `secret ${first.name}`),
        pointer: `${pointer}/${secret.file ? 'file' : 'secret'}`,
      }),
    ),
  ];
}
