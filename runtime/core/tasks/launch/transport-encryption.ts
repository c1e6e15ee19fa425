/**
 * The certificates of a task as files of its sandbox (svc-yml 4.10): secrets whose names follow from what they certify. Promises
 * those names, for whoever signs and writes the secrets; writes none itself.
 */
import { sha1 } from '../../../kit/digest.ts';
import type { TaskSpec, TransportEncryptionSpec } from '../../../spec/service.ts';
import { autoIpName, taskName, vipName } from '../name.ts';
import type { LaunchContext } from './context.ts';
import { dnsName } from './discovery.ts';

/** The ending of each file, with what it holds; what is no text is kept under a name that says so. */
const FILES = {
  TLS: { crt: 'certificate', key: 'private-key', ca: 'root-ca-certificate' },
  KEYSTORE: { keystore: 'keystore', truststore: 'truststore' },
} as const satisfies Record<TransportEncryptionSpec['type'], Record<string, string>>;

const BINARY = '__dcos_base64__';

/** Files of the sandbox, and the paths of the secrets that they come from. */
export function certificateFiles(context: LaunchContext, task: TaskSpec): { file: string; secret: string }[] {
  if (task.transportEncryption.length === 0) return [];
  const { settings, spec, pod, index } = context;
  const namespace = settings.space.replace(/^\//, '') || spec.name;
  const certified = sha1(alternativeNames(context, task).join(';'));
  return task.transportEncryption.flatMap(({ name, type }) =>
    Object.entries(FILES[type]).map(([ending, artifact]) => ({
      file: `${name}.${ending}`,
      secret: `${namespace}/${type === 'KEYSTORE' ? BINARY : ''}${certified}__${taskName(pod.type, index, task.name)}__${name}__${artifact}`,
    })),
  );
}

/** The DNS names that a certificate of the task is for: its own, then those of its virtual addresses. */
export function alternativeNames(context: LaunchContext, task: TaskSpec): string[] {
  const { settings, spec } = context;
  const vips = task.resourceSet.ports.flatMap(({ vip }) =>
    vip ? [vipName(vip.name, spec.name, settings.vipTld)] : [],
  );
  return [autoIpName(dnsName(context, task), spec.name, settings.serviceTld), ...vips];
}
