/**
 * What the page shows, as a flat map of small documents: `service`, `plan/deploy`, `pod/data-0`, ... Promises what is stored and
 * what the last offers lacked, without anything that time alone would change; secrets leave masked.
 */
import type { Plan } from '../../core/plan/plan.ts';
import { plansOf } from '../../core/plan/plans.ts';
import type { Service, State } from '../../core/state.ts';
import { type EndpointBody, endpointBody, endpointNames } from '../bodies/endpoints.ts';
import { type ConfigurationDocument, configurationDocuments } from './configuration.ts';
import { type OffersDocument, offersDocument } from './offers.ts';
import { type PlanDocument, planDocument } from './plan.ts';
import { type PodDocument, podDocuments, podTypes } from './pod.ts';

type Document =
  | ServiceDocument
  | PlanDocument
  | PodDocument
  | ConfigurationDocument
  | EndpointDocument
  | OffersDocument;

/** The addresses of a port, or a text that the definition publishes. */
type EndpointDocument = EndpointBody | { readonly text: string };

/** By key; the part before the slash says the kind. */
export type Documents = ReadonlyMap<string, Document>;

export interface ServiceDocument {
  readonly name: string;
  /** Absent: Mesos never gave one. */
  readonly frameworkId?: string;
  /** Whether a master is subscribed to now. */
  readonly connected: boolean;
  readonly targetId: string;
  readonly uninstall?: 'on' | 'done';
  /** The names of the plans, and of the pod types, in their order. */
  readonly plans: readonly string[];
  readonly podTypes: readonly string[];
}

/** `now` in milliseconds since the epoch. */
export function documentsOf(state: State, service: Service, now: number): Documents {
  const plans = plansOf(service, state.session, now);
  const documents = new Map<string, Document>();
  documents.set('service', serviceDocument(state, service, plans));
  for (const plan of plans) documents.set(`plan/${plan.name}`, planDocument(plan, service, state.session, now));
  for (const pod of podDocuments(service)) documents.set(`pod/${pod.name}`, pod);
  for (const one of configurationDocuments(state, service)) documents.set(`configuration/${one.id}`, one);
  for (const name of endpointNames(service)) {
    const body = endpointDocument(state, service, name);
    if (body) documents.set(`endpoint/${name}`, body);
  }
  documents.set('offers', offersDocument(state.session.evaluations));
  return documents;
}

/** As `/v1/endpoints/<name>` has it: what the definition publishes comes before a port of that name. */
function endpointDocument({ settings }: State, service: Service, name: string): EndpointDocument | undefined {
  const text = Object.hasOwn(service.endpoints, name) ? service.endpoints[name] : undefined;
  return text === undefined ? endpointBody(service, name, settings) : { text };
}

function serviceDocument({ frameworkId, session }: State, service: Service, plans: readonly Plan[]): ServiceDocument {
  const { name, targetId, uninstall } = service;
  return {
    name,
    ...(frameworkId ? { frameworkId } : {}),
    connected: session.subscription !== 0,
    targetId,
    ...(uninstall ? { uninstall } : {}),
    plans: plans.map((plan) => plan.name),
    podTypes: podTypes(service),
  };
}
