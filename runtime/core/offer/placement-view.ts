/**
 * Where the instances of a service are, for the placement rules of one frame. Promises counts by pod instance, never by task, that
 * follow each placement of the frame without walking the records again.
 */
import type { DomainInfo, TaskInfo } from '../../kit/mesos.ts';
import type { PlacementField } from '../../spec/service.ts';
import { podOf } from '../tasks/record.ts';
import { type Place, placeOf, recordedPlace, type Whereabouts } from './placement-values.ts';

export interface PlacementView {
  /** Of the masters; absent when they announced none. */
  readonly localRegion?: string;
  readonly infos: () => Iterable<TaskInfo>;
  /** By pod type; made when a rule counts for the first time, as most frames place nothing. */
  pods?: Map<string, PodPlaces>;
}

interface PodPlaces {
  /** An instance of several tasks has a place for each, all on one agent. */
  readonly places: Map<number, Place[]>;
  readonly counts: Map<string, Counts>;
}

/** The instances of a pod type by the value of one field. */
export interface Counts {
  readonly field: PlacementField;
  readonly byValue: Map<string, Set<number>>;
  /** Asked for by every agent that is tried for one instance. */
  spread?: Spread & { readonly without: number };
}

/** Over the values that occur: how many instances the emptiest has, and how many values there are. */
interface Spread {
  readonly min: number;
  readonly values: number;
}

/** Of all records of a service as they are when a rule first counts; from then on `placed` has to be told. */
export function placementView(
  service: { readonly tasks: ReadonlyMap<string, { readonly info: TaskInfo }> },
  masterDomain?: DomainInfo,
): PlacementView {
  const localRegion = masterDomain?.fault_domain?.region.name;
  return {
    ...(localRegion === undefined ? {} : { localRegion }),
    infos: () => [...service.tasks.values()].map(({ info }) => info),
  };
}

/** The instance is on this agent from now on, and nowhere else. */
export function placed(view: PlacementView, podType: string, index: number, agent: Whereabouts): void {
  if (!view.pods) return;
  const pod = podPlaces(view.pods, podType);
  const place = placeOf(agent);
  for (const { field, byValue } of pod.counts.values()) {
    for (const value of valuesOf(pod.places.get(index), field)) byValue.get(value)?.delete(index);
  }
  pod.places.set(index, [place]);
  for (const counts of pod.counts.values()) add(counts, index, place(counts.field));
}

/** Built once for each pod type and field that a rule asks for. */
export function countsOf(view: PlacementView, podType: string, field: PlacementField): Counts {
  view.pods ??= podsOf(view.infos());
  const pod = podPlaces(view.pods, podType);
  const key = field.kind === 'attribute' ? `attribute ${field.name}` : field.kind;
  const known = pod.counts.get(key);
  if (known) return known;
  const counts: Counts = { field, byValue: new Map() };
  for (const [index, places] of pod.places) add(counts, index, valuesOf(places, field));
  pod.counts.set(key, counts);
  return counts;
}

/** The other instances with this value: an instance that is placed anew does not stand in its own way. */
export function othersAt(counts: Counts, value: string, index: number): number {
  const here = counts.byValue.get(value);
  return here ? here.size - (here.has(index) ? 1 : 0) : 0;
}

/** Of all instances but one; zeros when there are no others. */
export function spreadWithout(counts: Counts, index: number): Spread {
  if (counts.spread?.without === index) return counts.spread;
  const sizes = [...counts.byValue.keys()].map((value) => othersAt(counts, value, index)).filter((size) => size > 0);
  const min = sizes.reduce((least, size) => Math.min(least, size), sizes[0] ?? 0);
  counts.spread = { min, values: sizes.length, without: index };
  return counts.spread;
}

function podsOf(infos: Iterable<TaskInfo>): Map<string, PodPlaces> {
  const pods = new Map<string, PodPlaces>();
  for (const info of infos) {
    const instance = podOf(info);
    if (!instance) continue;
    const { places } = podPlaces(pods, instance.type);
    const known = places.get(instance.index);
    if (known) known.push(recordedPlace(info));
    else places.set(instance.index, [recordedPlace(info)]);
  }
  return pods;
}

function podPlaces(pods: Map<string, PodPlaces>, podType: string): PodPlaces {
  const known = pods.get(podType);
  if (known) return known;
  const made: PodPlaces = { places: new Map(), counts: new Map() };
  pods.set(podType, made);
  return made;
}

function valuesOf(places: readonly Place[] = [], field: PlacementField): string[] {
  return places.flatMap((place) => place(field));
}

function add(counts: Counts, index: number, values: Iterable<string>): void {
  delete counts.spread;
  for (const value of values) {
    const here = counts.byValue.get(value);
    if (here) here.add(index);
    else counts.byValue.set(value, new Set([index]));
  }
}
