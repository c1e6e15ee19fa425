/**
 * What the page shows, as a flat map of small documents: `service`, `plan/deploy`, `pod/data-0`, ... Promises what is stored and
 * what the last offers lacked, without anything that time alone would change; secrets leave masked.
 */
import { plansOf } from '../../core/plan/plans.ts';
import type { Service, State } from '../../core/state.ts';
import { endpointBody, endpointNames } from '../bodies/endpoints.ts';
import { type ConfigurationDocument, configurationDocuments } from './configuration.ts';
import { type OffersDocument, offersDocument } from './offers.ts';
import { type PlanDocument, planDocument } from './plan.ts';
import { type PodDocument, podDocuments } from './pod.ts';

/** By key; the part before the slash says the kind. */
export type Documents = ReadonlyMap<
  string,
  ServiceDocument | PlanDocument | PodDocument | ConfigurationDocument | EndpointDocument | OffersDocument
>;

export interface ServiceDocument {
  readonly name: string;
  /** Absent: Mesos never gave one. */
  readonly frameworkId?: string;
  /** Whether a master is subscribed to now. */
  readonly connected: boolean;
  readonly targetId: string;
  readonly uninstall?: 'on' | 'done';
  /** The plans in their order. */
  readonly plans: readonly string[];
}

export interface EndpointDocument {
  readonly address: readonly string[];
  readonly dns: readonly string[];
  readonly vip?: string;
}

/** `now` in milliseconds since the epoch. */
export function documentsOf(state: State, service: Service, now: number): Documents {
  const plans = plansOf(service, state.session, now);
  const documents = new Map<string, ReturnType<Documents['get']> & object>();
  documents.set(
    'service',
    serviceDocument(
      state,
      service,
      plans.map((plan) => plan.name),
    ),
  );
  for (const plan of plans) documents.set(`plan/${plan.name}`, planDocument(plan, service, state.session, now));
  for (const pod of podDocuments(service)) documents.set(`pod/${pod.name}`, pod);
  for (const configuration of configurationDocuments(service)) {
    documents.set(`configuration/${configuration.id}`, configuration);
  }
  for (const name of endpointNames(service)) {
    const body = endpointBody(service, name, state.settings);
    if (body) documents.set(`endpoint/${name}`, body);
  }
  documents.set('offers', offersDocument(state.session.evaluations));
  return documents;
}

function serviceDocument(state: State, service: Service, plans: readonly string[]): ServiceDocument {
  const { frameworkId, session } = state;
  const { name, targetId, uninstall } = service;
  return {
    name,
    ...(frameworkId ? { frameworkId } : {}),
    connected: session.subscription !== 0,
    targetId,
    ...(uninstall ? { uninstall } : {}),
    plans,
  };
}
