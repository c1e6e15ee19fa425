/**
 * The certificates of a task as files of its sandbox (svc-yml 4.10): secrets whose names follow from what they certify. Promises those
 * names and what stands in the certificates, for whoever makes them; makes none itself.
 */
import { sha1 } from '../../../kit/digest.ts';
import type { ServiceSpec, TaskSpec, TransportEncryptionSpec } from '../../../spec/service.ts';
import type { Artifact, Order } from '../../order.ts';
import type { Settings } from '../../state.ts';
import { autoIpName, commonName, podInstanceName, taskName, vipName } from '../name.ts';
import type { LaunchContext } from './context.ts';
import { dnsName } from './discovery.ts';

/** What the names follow from; it is known before any offer is. */
type Naming = Pick<LaunchContext, 'settings' | 'spec' | 'pod' | 'index'>;

/** The ending of each file, with what it holds. */
const FILES = {
  TLS: { crt: 'certificate', key: 'private-key', ca: 'root-ca-certificate' },
  KEYSTORE: { keystore: 'keystore', truststore: 'truststore' },
} as const satisfies Record<TransportEncryptionSpec['type'], Record<string, Artifact>>;

/** What is no text is kept under a name that says so. */
const BINARY = '__dcos_base64__';

/** Files of the sandbox, and the paths of the secrets that they come from. */
export function certificateFiles(naming: Naming, task: TaskSpec): { file: string; secret: string }[] {
  return task.transportEncryption.flatMap((entry) => {
    const secrets = secretPaths(naming, task, entry.name);
    const files = Object.entries<Artifact>(FILES[entry.type]);
    return files.map(([ending, artifact]) => ({ file: `${entry.name}.${ending}`, secret: secrets[artifact] }));
  });
}

/** What must be there before the task is launched. */
export function certificateOrders(naming: Naming, task: TaskSpec): Order[] {
  const { spec, pod, index } = naming;
  return task.transportEncryption.map(({ name }) => {
    const secrets = secretPaths(naming, task, name);
    return {
      kind: 'certificate',
      id: secrets.certificate,
      service: spec.name,
      awaitedBy: podInstanceName(pod.type, index),
      commonName: commonName(taskName(pod.type, index, task.name), spec.name),
      alternativeNames: alternativeNames(naming, task),
      secrets,
    };
  });
}

/** The folder of the secret store that belongs to the service. */
export function secretsNamespace({ space }: Settings, service: string): string {
  return [space, service].map((name) => name.replace(/^\/+/, '')).find((name) => name !== '') ?? '';
}

export function hasCertificates({ pods }: ServiceSpec): boolean {
  return pods.some(({ tasks }) => tasks.some(({ transportEncryption }) => transportEncryption.length > 0));
}

function secretPaths(naming: Naming, task: TaskSpec, name: string): Record<Artifact, string> {
  const { settings, spec, pod, index } = naming;
  const folder = secretsNamespace(settings, spec.name);
  const certified = sha1(alternativeNames(naming, task).join(';'));
  const path = (artifact: Artifact, prefix = '') =>
    `${folder}/${prefix}${certified}__${taskName(pod.type, index, task.name)}__${name}__${artifact}`;
  return {
    certificate: path('certificate'),
    'private-key': path('private-key'),
    'root-ca-certificate': path('root-ca-certificate'),
    keystore: path('keystore', BINARY),
    truststore: path('truststore', BINARY),
  };
}

/** The DNS names that a certificate of the task is for: its own, then those of its virtual addresses. */
function alternativeNames(naming: Naming, task: TaskSpec): string[] {
  const { settings, spec } = naming;
  const vips = task.resourceSet.ports.flatMap(({ vip }) =>
    vip ? [vipName(vip.name, spec.name, settings.vipTld)] : [],
  );
  return [autoIpName(dnsName(naming, task), spec.name, settings.serviceTld), ...vips];
}
