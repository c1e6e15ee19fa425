/** The page: follows the scheduler's documents and shows them. Promises to decide nothing; each view shows what it is given. */
import { follow } from './connection.js';
import { startClock } from './time.js';
import { showConfigurations } from './views/configurations.js';
import { showEndpoints } from './views/endpoints.js';
import { showOffers } from './views/offers.js';
import { showPlans } from './views/plans.js';
import { showPods } from './views/pods.js';
import { showConnection, showService } from './views/service.js';

function show(documents) {
  const service = documents.get('service');
  const plans = service.plans.map((name) => documents.get(`plan/${name}`));
  showService(service, plans);
  showPlans(plans);
  showPods(pods(documents, service), plans, service.targetId);
  showEndpoints(named(documents, 'endpoint/'));
  showConfigurations(of(documents, 'configuration/').sort((a, b) => b.isTarget - a.isTarget));
  showOffers(documents.get('offers'));
}

/** In the order of the scheduler: documents that came later stand last in the map. */
function pods(documents, { podTypes }) {
  const rank = new Map(podTypes.map((type, at) => [type, at]));
  return of(documents, 'pod/').sort((a, b) => rank.get(a.type) - rank.get(b.type) || a.index - b.index);
}

function of(documents, kind) {
  return [...documents].filter(([key]) => key.startsWith(kind)).map(([, document]) => document);
}

function named(documents, kind) {
  const found = [...documents].filter(([key]) => key.startsWith(kind));
  return found
    .map(([key, document]) => ({ name: key.slice(kind.length), ...document }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

startClock();
await follow({ onDocuments: show, onState: showConnection });
