/**
 * What the DC/OS command line knows of its cluster (http-api 13.1). Promises to ask the environment first, then `dcos` itself, which
 * knows its own files; a machine without it is no error.
 */
import { spawnSync } from 'node:child_process';

/** The cluster that `dcos` is attached to. */
export interface DcosCluster {
  readonly url: string;
  readonly token?: string;
  /** `true`, `false`, or the file of a certificate authority. */
  readonly sslVerify?: string;
}

/** A slow `dcos` must not hang a verb that may not need it. */
const TIMEOUT_MS = 10_000;

/** Undefined when neither the environment nor `dcos` names a cluster. */
export function attachedCluster(): DcosCluster | undefined {
  const url = setting('dcos_url', 'DCOS_URL', 'DCOS_DCOS_URL');
  if (url === undefined) return undefined;
  const token = setting('dcos_acs_token', 'DCOS_ACS_TOKEN', 'DCOS_DCOS_ACS_TOKEN');
  const sslVerify = setting('ssl_verify', 'DCOS_SSL_VERIFY');
  return { url: url.replace(/[/#]+$/, ''), ...(token ? { token } : {}), ...(sslVerify ? { sslVerify } : {}) };
}

function setting(key: string, ...variables: readonly string[]): string | undefined {
  for (const name of variables) if (process.env[name]) return process.env[name];
  const { status, stdout } = spawnSync('dcos', ['config', 'show', `core.${key}`], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (status === 0 && stdout.trim()) || undefined;
}
