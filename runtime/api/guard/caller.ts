/**
 * Who sends a request, as far as it can be proven: by a token, or by a certificate of the connection. Promises to believe nothing
 * else; a token that nobody holds is worse than none, for it is a mistake or an attempt.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Holders, Role } from './tokens.ts';

export type Caller =
  | { readonly kind: 'token' | 'certificate'; readonly name: string; readonly role: Role }
  /** Showed nothing. */
  | { readonly kind: 'stranger' }
  /** Showed a token that nobody holds. */
  | { readonly kind: 'impostor' };

/** `certificate`: the common name in a certificate that our authority signed. */
export function callerOf(headers: IncomingHttpHeaders, holders: Holders | undefined, certificate?: string): Caller {
  const token = holders && tokenIn(headers);
  if (token !== undefined) {
    const holder = holders?.(token);
    return holder ? { kind: 'token', ...holder } : { kind: 'impostor' };
  }
  return certificate === undefined ? { kind: 'stranger' } : { kind: 'certificate', name: certificate, role: 'operate' };
}

/** A header of our own, for those who come through a proxy that wants `Authorization` for itself. */
const OWN_HEADER = 'mainstay-token';

/** `Mainstay-Token: <token>`, `Authorization: Bearer <token>` (RFC 6750), or `Authorization: token=<token>` as on DC/OS. */
function tokenIn(headers: IncomingHttpHeaders): string | undefined {
  const own = headers[OWN_HEADER];
  if (typeof own === 'string') return own.trim();
  const said = headers.authorization?.trim();
  if (said === undefined || said === '') return undefined;
  return /^(?:bearer +|token=)(\S+)$/i.exec(said)?.[1] ?? '';
}
