/**
 * DC/OS's package manager, which keeps the options of an installed service (http-api 13.5). Promises its answer as data, or a `Failure`
 * in the words of the field.
 */
import { STATUS_CODES } from 'node:http';
import type { Access } from './access.ts';
import { Failure } from './failure.ts';
import { parsed } from './operator.ts';
import { send } from './transport.ts';

type Call = 'describe' | 'update';

/** What `service/describe` tells, as far as we read it. */
export interface Description {
  readonly package?: { readonly version?: string };
  readonly upgradesTo?: readonly string[];
  readonly downgradesTo?: readonly string[];
  readonly resolvedOptions?: object;
}

export interface UpdateRequest {
  readonly packageVersion?: string;
  readonly options?: unknown;
  /** Options that are not given go back to the package's defaults. */
  readonly replace: boolean;
}

/** A scheduler that nobody installed as a package is changed where its environment is. */
export function inCosmos(access: Access): NonNullable<Access['dcos']> {
  if (access.dcos) return access.dcos;
  throw new Failure(
    [
      `${access.url} is a scheduler by itself, and package options are kept by DC/OS.`,
      '- In DC/OS: give --name <service>, or --url https://<cluster>/service/<name>',
      '- Elsewhere: edit the environment of the app (in Marathon: PUT /v2/apps/<id>) or of `mainstay run`, and it starts again.',
      '- What the change would do: mainstay preview <definition> -e NAME=VALUE',
      '- How far it is: mainstay update status',
    ].join('\n'),
  );
}

export async function describe(access: Access): Promise<Description> {
  return parsed(await call(access, 'describe', { appId: inCosmos(access).service })) as Description;
}

/** Resolves to the answer as it is. */
export function update(access: Access, request: UpdateRequest): Promise<string> {
  return call(access, 'update', { appId: inCosmos(access).service, ...request });
}

async function call(access: Access, name: Call, request: object): Promise<string> {
  const { url, service } = inCosmos(access);
  const media = (what: string) => `application/vnd.dcos.service.${name}-${what}+json;charset=utf-8;version=v1`;
  const { status, body } = await send(access, {
    method: 'POST',
    url: `${process.env['DCOS_PACKAGE_COSMOS_URL'] || `${url}/cosmos`}/service/${name}`,
    headers: { accept: media('response'), 'content-type': media('request') },
    body: JSON.stringify(request),
  });
  if (status === 200) return body;
  if (status === 404) throw new Failure('This command requires Enterprise DC/OS 1.10 or newer.');
  if (status === 401)
    throw new Failure("Got 401 Unauthorized from DC/OS:\n- Bad auth token? Run 'dcos auth login' to log in");
  if (status !== 400) {
    throw new Failure(
      `HTTP POST of service/${name} failed: ${status} ${STATUS_CODES[status] ?? ''}\nResponse: ${body}`,
    );
  }
  throw new Failure(refusalText(parsed(body) as Refusal, service, request));
}

/** What Cosmos answers with 400. */
interface Refusal {
  readonly type?: string;
  readonly message?: string;
  readonly data?: {
    readonly validVersions?: readonly string[];
    readonly errors?: readonly { readonly message: string; readonly instance?: { readonly pointer?: string } }[];
    readonly oldAppId?: string;
    readonly newAppId?: string;
  };
}

function refusalText({ type, message, data = {} }: Refusal, service: string, request: UpdateRequest | object): string {
  switch (type) {
    case 'MarathonAppNotFound':
      return [
        `Unable to find the service named '${service}'.`,
        'Possible causes:',
        '- The name is misspelt: give another one with --name or --url.',
        '- The service is being installed, or was uninstalled.',
      ].join('\n');
    case 'BadVersionUpdate': {
      const wanted = 'packageVersion' in request ? request.packageVersion : '';
      const valid = data.validVersions ?? [];
      const versions =
        valid.length > 0
          ? ['Valid package versions are:', ...bullets(valid)]
          : ['No valid package versions to update to.'];
      return [`Unable to update ${service} to requested version: ${wanted}`, ...versions].join('\n');
    }
    case 'JsonSchemaMismatch': {
      const rows = (data.errors ?? []).map((error) => [error.instance?.pointer ?? '', error.message] as const);
      const sentence = `Unable to update ${service} to requested configuration: options JSON failed validation.`;
      return [sentence, '', ...table([['Field', 'Error'], ['-----', '-----'], ...rows])].join('\n');
    }
    case 'AppIdChanged':
      return [
        `Could not update service name from "${data.oldAppId}" to "${data.newAppId}".`,
        `The name of a service cannot change: set service.name back to "${data.oldAppId}".`,
      ].join('\n');
    default:
      return `Could not execute command: ${message} (${type})`;
  }
}

export function bullets(items: readonly string[]): string[] {
  return items.map((item) => `- ${item}`);
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([field]) => field.length));
  return rows.map(([field, error]) => `${field.padEnd(width)}  ${error}`);
}
