/**
 * Where the scheduler is, and who asks. Promises that a token goes only where it belongs: one that was given goes to the address that
 * was given, the one of `dcos` only to the cluster that `dcos` is attached to.
 */
import { readFileSync } from 'node:fs';
import { attachedCluster, type DcosCluster } from './dcos.ts';
import { Failure } from './failure.ts';

export interface AccessOptions {
  readonly url?: string;
  /** The service of the cluster that `dcos` is attached to. */
  readonly name?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
}

export interface Access {
  /** Without a slash at its end; may have a path, as behind a proxy. */
  readonly url: string;
  /** The value of the header. */
  readonly authorization?: string;
  /** PEM of the only authorities to trust. */
  readonly ca?: string;
  /** The certificate of the server is not looked at: `core.ssl_verify` of `dcos` is false. */
  readonly unverified?: true;
  /** The scheduler is reached through a DC/OS cluster. */
  readonly dcos?: { readonly url: string; readonly service: string };
}

const NEAR = 'http://127.0.0.1:8080';

/**
 * `--name`, else `--url`, else `MAINSTAY_URL`, else this machine. Throws `Failure` for what cannot be an address, and for a file that
 * cannot be read.
 */
export function accessOf(options: AccessOptions): Access {
  let attached: DcosCluster | undefined;
  const cluster = () => (attached ??= attachedCluster());
  const url = options.name === undefined ? addressOf(options) : addressInDcos(options.name, cluster());
  const dcos = inDcos(url);
  const given = { token: tokenOf(options), ca: options.ca ?? (process.env['MAINSTAY_CA_FILE'] || undefined) };
  const complete = !dcos || (given.token !== undefined && given.ca !== undefined);
  const own = complete || !isAt(dcos.url, cluster()) ? undefined : cluster();
  const token = given.token ?? own?.token;
  return {
    url,
    ...(dcos ? { dcos } : {}),
    ...(token === undefined ? {} : { authorization: dcos ? `token=${token}` : `Bearer ${token}` }),
    ...trust(given.ca ?? own?.sslVerify),
  };
}

function addressOf({ url }: AccessOptions): string {
  const said = url ?? (process.env['MAINSTAY_URL'] || NEAR);
  const address = said.replace(/[/#]+$/, '');
  if (URL.canParse(address) && /^https?:/.test(address)) return address;
  throw new Failure(`"${said}" is not the address of a scheduler: give --url or MAINSTAY_URL as http://host:port`);
}

function addressInDcos(name: string, cluster: DcosCluster | undefined): string {
  if (cluster && URL.canParse(cluster.url)) {
    const path = name.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/');
    return `${cluster.url}/service/${path}`;
  }
  throw new Failure(
    '--name asks the cluster that dcos is attached to, and there is none\n' +
      '- Attach to one: dcos cluster setup <url>\n' +
      '- Or say where it is: DCOS_URL, or --url https://<cluster>/service/<name>',
  );
}

/** An address below `/service/` of a cluster is one of its services. */
function inDcos(address: string): Access['dcos'] {
  const [, url, service] = /^(https?:\/\/.+?)\/service\/(.+)$/.exec(address) ?? [];
  return url && service ? { url, service: decodeURIComponent(service) } : undefined;
}

function isAt(address: string, cluster: DcosCluster | undefined): boolean {
  return cluster !== undefined && URL.canParse(cluster.url) && new URL(cluster.url).origin === new URL(address).origin;
}

function tokenOf({ tokenFile }: AccessOptions): string | undefined {
  if (tokenFile !== undefined) return oneToken(fromFile(tokenFile), tokenFile);
  const { MAINSTAY_TOKEN, MAINSTAY_TOKEN_FILE } = process.env;
  if (MAINSTAY_TOKEN) return oneToken(MAINSTAY_TOKEN.trim(), 'MAINSTAY_TOKEN');
  return MAINSTAY_TOKEN_FILE ? oneToken(fromFile(MAINSTAY_TOKEN_FILE), MAINSTAY_TOKEN_FILE) : undefined;
}

/** What cannot stand in a header is no token; what it is instead is not shown, for it may be a secret all the same. */
function oneToken(text: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Failure(`${from} does not hold one token: a line of letters, digits and signs, without blanks`);
}

/** `true`, `false`, or a file, as `core.ssl_verify` has it. */
function trust(said: string | undefined): Pick<Access, 'ca' | 'unverified'> {
  if (said === undefined || /^true$/i.test(said)) return {};
  return /^false$/i.test(said) ? { unverified: true } : { ca: fromFile(said) };
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
  }
}
