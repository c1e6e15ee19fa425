/** The secret store of a DC/OS cluster (http-api 14). Promises that no value stands in a path or a message. */
import type { Ask } from './cluster.ts';

export interface Secret {
  readonly path: string;
  /** Text, or base64 under a name that says so. */
  readonly value: string;
  /** Whose it is, and what for: for people who look into the store. */
  readonly author: string;
  readonly description: string;
}

/** The names of the secrets of a folder; none when it does not exist. */
export async function listSecrets(ask: Ask, folder: string): Promise<string[]> {
  const { code, text } = await ask({ method: 'GET', path: `${at(folder)}?list=true`, accepted: [200, 404] });
  if (code === 404) return [];
  try {
    return (JSON.parse(text) as { array: string[] }).array.map(String);
  } catch {
    throw new Error(`the secret store did not answer with the names in ${folder}`);
  }
}

export async function createSecret(ask: Ask, { path, ...secret }: Secret): Promise<void> {
  await ask({ method: 'PUT', path: at(path), body: secret, accepted: [201] });
}

export async function replaceSecret(ask: Ask, { path, ...secret }: Secret): Promise<void> {
  await ask({ method: 'PATCH', path: at(path), body: secret, accepted: [204] });
}

/** One that is gone already is as good. */
export async function deleteSecret(ask: Ask, path: string): Promise<void> {
  await ask({ method: 'DELETE', path: at(path), accepted: [204, 404] });
}

function at(path: string): string {
  return `/secrets/v1/secret/default/${path.split('/').map(encodeURIComponent).join('/')}`;
}
