/**
 * Fulfils what the core orders: certificates in the cluster's secret store, and their removal. Promises that certificates which are
 * whole are kept, and that half-written ones are never taken for whole, whenever the process died.
 */
import type { Artifact, Order } from '../core/order.ts';
import { sign } from './authority.ts';
import { type Ask, type Cluster, talkTo } from './cluster.ts';
import { type NewKeys, rsaKeys } from './keys.ts';
import { inLanes } from './lanes.ts';
import { createSecret, deleteSecret, listSecrets, replaceSecret } from './secrets.ts';

/** So many orders at a time: each makes a key, which takes a core for a while. */
const LANES = 4;

/** Resolves when an order is fulfilled; rejects, saying why, when it cannot be now: without a service account it never can. */
export function fulfilment(
  { services, authentication, ca }: Partial<Cluster>,
  newKeys: NewKeys = rsaKeys,
): (order: Order) => Promise<void> {
  const inLane = inLanes(LANES);
  return async (order) => {
    if (!services || !authentication) throw new Error('no service account: set DCOS_SERVICE_ACCOUNT_CREDENTIAL');
    const cluster = { services, authentication, ...(ca ? { ca } : {}) };
    await inLane(() => talkTo(cluster, (ask) => fulfil(ask, order, newKeys)));
  };
}

function fulfil(ask: Ask, order: Order, newKeys: NewKeys): Promise<void> {
  switch (order.kind) {
    case 'certificate':
      return provide(ask, order, newKeys);
    case 'removal':
      return remove(ask, order.namespace);
  }
}

async function provide(ask: Ask, order: Extract<Order, { kind: 'certificate' }>, newKeys: NewKeys): Promise<void> {
  const folder = folderOf(order.secrets.certificate);
  const there = new Set((await listSecrets(ask, folder)).map((name) => `${folder}/${name}`));
  const paths = Object.entries(order.secrets) as [Artifact, string][];
  if (paths.every(([, path]) => there.has(path))) return;
  // Loaded when needed: most services have no certificates made.
  const { materialFor } = await import('./material.ts');
  const material = await materialFor(order, await newKeys(), (request) => sign(ask, request));
  const secretOf = ([artifact, path]: [Artifact, string]) => {
    return { path, value: material[artifact], author: order.service, description: DESCRIPTION };
  };
  // What is missing comes last: until then the next try finds it missing, too, and makes all anew.
  for (const of of paths.filter(([, path]) => there.has(path))) await replaceSecret(ask, secretOf(of));
  for (const of of paths.filter(([, path]) => !there.has(path))) await createSecret(ask, secretOf(of));
}

const DESCRIPTION = 'transport encryption of a task';

/** The names that `provide` gives: of whatever task and host name, but of nobody who chose a name by hand. */
const MADE_BY_US =
  /^(__dcos_base64__)?[0-9a-f]{40}__[^/]+__(certificate|private-key|root-ca-certificate|keystore|truststore)$/;

async function remove(ask: Ask, folder: string): Promise<void> {
  const names = await listSecrets(ask, folder);
  for (const name of names.filter((one) => MADE_BY_US.test(one))) await deleteSecret(ask, `${folder}/${name}`);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
