/** Orders as the core would place them, and what fulfils them against a played cluster. */
import type { Artifact, Order } from '../../../runtime/core/order.ts';
import { accessOf } from '../../../runtime/mesos/access.ts';
import { type NewKeys, rsaKeys } from '../../../runtime/tls/keys.ts';
import { fulfilment } from '../../../runtime/tls/orders.ts';
import type { Dcos } from '../../support/dcos.ts';

export const ARTIFACTS: readonly Artifact[] = [
  'certificate',
  'private-key',
  'root-ca-certificate',
  'keystore',
  'truststore',
];

type CertificateOrder = Extract<Order, { kind: 'certificate' }>;

/** Of the task `server` of an instance of the pod `web` of the service `shop`. */
export function certificateOf(index: number, change: Partial<CertificateOrder> = {}): CertificateOrder {
  const task = `web-${index}-server`;
  const stem = `${String(index).repeat(40)}__${task}__node`;
  const secrets = Object.fromEntries(
    ARTIFACTS.map((one) => [one, `shop/${one.endsWith('store') ? '__dcos_base64__' : ''}${stem}__${one}`]),
  ) as Record<Artifact, string>;
  return {
    kind: 'certificate',
    id: secrets.certificate,
    service: 'shop',
    awaitedBy: `web-${index}`,
    commonName: `${task}.shop`,
    alternativeNames: [`${task}.shop.example`, 'web.shop.vip.example'],
    secrets,
    ...change,
  };
}

/** The removal of everything in the folder `shop`. */
export const removal: Order = {
  kind: 'removal',
  id: 'removal',
  service: 'shop',
  awaitedBy: 'tls-cleanup',
  namespace: 'shop',
};

/** Real keys are dear: a few of them take turns. */
const pairs: ReturnType<NewKeys>[] = [];
let turn = 0;
const usedKeys: NewKeys = () => {
  if (pairs.length < 5) pairs.push(rsaKeys());
  return pairs[turn++ % 5] ?? rsaKeys();
};

/** As a scheduler that was just started with the cluster's service account; its keys are not as new as they should be. */
export async function fulfilmentAt(
  { credential }: Pick<Dcos, 'credential'>,
  caFile?: string,
): Promise<(order: Order) => Promise<void>> {
  const options = { master: 'https://127.0.0.1:5050', serviceAccount: credential, ...(caFile ? { caFile } : {}) };
  return fulfilment(await accessOf(options, () => Date.now()), usedKeys);
}
