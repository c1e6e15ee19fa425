/** The invariants of the design that are checked while a history goes on; the ninth is asked at its end (`rules/end.ts`). */
import type { Observer } from './observer.ts';
import { bounds } from './rules/bounds.ts';
import { offers } from './rules/offers.ts';
import { order } from './rules/order.ts';
import { processes } from './rules/processes.ts';
import { promises } from './rules/promises.ts';
import { reservations } from './rules/reservations.ts';
import { storedFirst } from './rules/stored-first.ts';
import { volumes } from './rules/volumes.ts';
import type { World } from './world.ts';

export const RULES: readonly ((world: World) => Observer)[] = [
  processes,
  storedFirst,
  reservations,
  volumes,
  order,
  offers,
  bounds,
  promises,
];
