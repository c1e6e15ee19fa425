/** Time and identity, handed in wherever they are needed, so that what decides can be replayed. Milliseconds throughout. */
import { randomUUID } from 'node:crypto';

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** A new UUID (version 4 in its textual form) at every call. */
export type NewId = () => string;

export const systemClock: Clock = () => Date.now();
export const randomId: NewId = () => randomUUID();
