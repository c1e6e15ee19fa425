/**
 * A Mesos message as the JSON that clients of the field read: camelCase names, and the agent by its old name. Promises to rename
 * keys only; values pass through, but for infinity, which JSON has not and Mesos writes as text.
 */

/** The one field whose name the field's clients know from before Mesos called it an agent. */
const OLD_NAMES: Readonly<Record<string, string>> = { agent_id: 'slaveId' };

export function messageJson(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(messageJson);
  if (message === Number.POSITIVE_INFINITY) return 'Infinity';
  if (typeof message !== 'object' || message === null) return message;
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [camelName(key), messageJson(value)]));
}

function camelName(key: string): string {
  return OLD_NAMES[key] ?? key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
