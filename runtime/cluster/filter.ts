/**
 * What a framework refused, and until when (trace 11). Promises to find the refusals of one agent without looking at the others;
 * it must never decide what else is offered.
 */

import { type Bag, contains } from '../kit/resources.ts';

/** A framework does not want this much, or less, of an agent before `until` (milliseconds). */
export interface Filter {
  role: string;
  agentId: string;
  refused: Bag;
  until: number;
}

export interface Filters {
  readonly byPlace: Map<string, Filter[]>;
  /** No filter ends before. */
  earliest: number;
}

export function noFilters(): Filters {
  return { byPlace: new Map(), earliest: Number.POSITIVE_INFINITY };
}

export function addFilter(filters: Filters, filter: Filter): void {
  const place = placeOf(filter.role, filter.agentId);
  filters.byPlace.set(place, [...(filters.byPlace.get(place) ?? []), filter]);
  filters.earliest = Math.min(filters.earliest, filter.until);
}

/** A filter holds for what was refused and for less, never for more. */
export function isFiltered(filters: Filters, role: string, agentId: string, resources: Bag, now: number): boolean {
  const own = filters.byPlace.get(placeOf(role, agentId)) ?? [];
  return own.some((filter) => filter.until > now && contains(filter.refused, resources));
}

/** Drops what ended by now; returns the agents that were refused. */
export function dropEnded(filters: Filters, now: number): string[] {
  return filters.earliest > now ? [] : dropWhere(filters, (filter) => filter.until <= now);
}

export function dropOfRoles(filters: Filters, roles: readonly string[]): void {
  dropWhere(filters, (filter) => roles.includes(filter.role));
}

function dropWhere(filters: Filters, isOver: (filter: Filter) => boolean): string[] {
  const agentIds: string[] = [];
  filters.earliest = Number.POSITIVE_INFINITY;
  for (const [place, own] of filters.byPlace) {
    const left = own.filter((filter) => !isOver(filter));
    for (const { until } of left) filters.earliest = Math.min(filters.earliest, until);
    if (left.length === own.length) continue;
    agentIds.push(own[0]!.agentId);
    if (left.length === 0) filters.byPlace.delete(place);
    else filters.byPlace.set(place, left);
  }
  return agentIds;
}

function placeOf(role: string, agentId: string): string {
  return `${agentId} ${role}`;
}
