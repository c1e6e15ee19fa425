/**
 * What a scheduler shows to a master to be let in. Promises the value of the `Authorization` header, fresh at every request; a
 * secret appears in no message.
 */
export interface Authentication {
  /** For a framework of this principal. Rejects, saying why, when there is none to be had now. */
  header(principal: string): Promise<string>;
  /** The master did not take the last header. Returns whether the next one will be another. */
  renew(): boolean;
}

/** HTTP basic (RFC 7617), as a master with `--authenticate_http_frameworks` wants it (trace 17b). */
export function basic(secret: string): Authentication {
  return {
    header: async (principal) => `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`,
    renew: () => false,
  };
}
