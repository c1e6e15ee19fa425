/** A difference as it may be shown. Promises that a secret which changed is seen to have changed, and nothing else of it. */
import { isSecretName, MASK, type Secrets, shownText } from '../../kit/mask.ts';
import type { FieldChange } from './diff.ts';

export function shownChanges(changes: readonly FieldChange[], secrets: Secrets): FieldChange[] {
  return changes.map((change) => shownChange(change, secrets));
}

/** Where the name of a variable, label or option is part of the path. */
const NAMED = /\.(?:environment|labels|options)\.(.+)$/;

function shownChange({ path, from, to }: FieldChange, secrets: Secrets): FieldChange {
  const [, name] = NAMED.exec(path) ?? [];
  const isSecret = name !== undefined && isSecretName(name, secrets.names);
  const shown = (text: string) => (isSecret && text !== '""' ? MASK : shownText(text, secrets));
  return {
    path,
    ...(from === undefined ? {} : { from: shown(from) }),
    ...(to === undefined ? {} : { to: shown(to) }),
  };
}
