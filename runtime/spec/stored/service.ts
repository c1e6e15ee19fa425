/**
 * The service spec as it is stored and served by `/v1/configurations`: upstream's JSON (svc-yml 4.11). Promises that what is
 * written reads back equal, and that properties of other versions are read past.
 */
import type { ReplacementPolicy, ServiceSpec } from '../service.ts';
import { podFrom, type StoredPod, storedPod } from './pod.ts';

interface StoredService {
  name: string;
  role: string;
  principal: string;
  user: string | null;
  goal: 'RUNNING';
  region?: string | null;
  'web-url'?: string | null;
  zookeeper: string;
  'replacement-failure-policy'?: StoredReplacement | null;
  /** Not upstream's: there only when the author marks some. */
  'masked-env'?: readonly string[];
  'pod-specs': StoredPod[];
}

interface StoredReplacement {
  'permanent-failure-timeout-secs'?: number | null;
  /** The capital S is upstream's. */
  'min-replace-delay-Secs'?: number | null;
  /** Upstream reads this spelling too. */
  'min-replace-delay-secs'?: number | null;
}

/** Plain JSON with the members and the order that upstream prints; members that are not set are null or empty. */
export function toStored(spec: ServiceSpec): unknown {
  const stored: StoredService = {
    name: spec.name,
    role: spec.role,
    principal: spec.principal,
    user: spec.user,
    goal: 'RUNNING',
    region: spec.region ?? null,
    'web-url': spec.webUrl ?? null,
    zookeeper: spec.zookeeper,
    'replacement-failure-policy': spec.replacement ? storedReplacement(spec.replacement) : null,
    ...(spec.maskedEnv ? { 'masked-env': spec.maskedEnv } : {}),
    'pod-specs': spec.pods.map((pod) => storedPod(pod, spec)),
  };
  return stored;
}

/**
 * Throws when the JSON is no stored spec, or holds what this version cannot keep (a placement rule of upstream's code, say): the
 * caller keeps the configuration and says that it cannot be read.
 */
export function fromStored(json: unknown): ServiceSpec {
  const stored = json as StoredService;
  if (typeof stored?.name !== 'string' || !Array.isArray(stored['pod-specs']))
    throw new Error('this is not a stored service specification');
  const { name, role, principal, zookeeper } = stored;
  const user = stored.user ?? 'root';
  const replacement = stored['replacement-failure-policy'];
  return {
    name,
    role,
    principal,
    user,
    zookeeper,
    ...(stored['web-url'] ? { webUrl: stored['web-url'] } : {}),
    ...(stored.region ? { region: stored.region } : {}),
    pods: stored['pod-specs'].map((pod) => podFrom(pod, user)),
    ...(stored['masked-env'] ? { maskedEnv: stored['masked-env'] } : {}),
    ...(replacement ? { replacement: replacementFrom(replacement) } : {}),
  };
}

function storedReplacement(policy: ReplacementPolicy): StoredReplacement {
  return {
    'permanent-failure-timeout-secs': policy.permanentFailureTimeoutSeconds,
    'min-replace-delay-Secs': policy.minReplaceDelaySeconds,
  };
}

/** Upstream's defaults. */
function replacementFrom(policy: StoredReplacement): ReplacementPolicy {
  return {
    permanentFailureTimeoutSeconds: policy['permanent-failure-timeout-secs'] ?? 1200,
    minReplaceDelaySeconds: policy['min-replace-delay-Secs'] ?? policy['min-replace-delay-secs'] ?? 10,
  };
}
