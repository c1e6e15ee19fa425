/** A configuration that is refused, and why. Promises messages in the two shapes that the field knows (svc-yml 6.1). */

export interface Refusal {
  readonly field: string;
  /** Absent: wrong by itself, whatever ran before. */
  readonly from?: string;
  readonly to: string;
  readonly message: string;
  /** The process must not even run the old target on. */
  readonly fatal: boolean;
}

/** `Field: 'user'; Transition: 'a' => 'b'; Message: '...'; Fatal: true`, or `Value: 'b'` when nothing came before. */
export function refusalText({ field, from, to, message, fatal }: Refusal): string {
  const what = from === undefined ? `Value: '${to}'` : `Transition: '${from}' => '${to}'`;
  return `Field: '${field}'; ${what}; Message: '${message}'; Fatal: ${fatal}`;
}

/** What stands for a field that is not set. */
export const UNSET = 'null';
