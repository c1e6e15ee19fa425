/**
 * Whether a browser was lured: a page of somebody else's can make it send requests that carry whatever the browser has (its place in
 * the network, a certificate), also under a name of theirs that leads to us (DNS rebinding). Promises to stay out of the way of
 * whatever is no browser.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a write is not believed, or undefined. `hosts`: the names under which our own page is reached, as a browser writes them. */
export function lured(headers: IncomingHttpHeaders, hosts: ReadonlySet<string>): string | undefined {
  const { origin, host = '' } = headers;
  // All browsers name the page that a write comes from; curl, our command line and proxies do not.
  if (origin === undefined) return foreignSite(headers['sec-fetch-site']);
  const page = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!page) return `it was sent by a page of unknown origin (${origin.slice(0, 100)})`;
  if (hosts.has(page.host)) return undefined;
  if (page.host !== withoutDefaultPort(host.toLowerCase(), page.protocol))
    return `it was sent by a page of ${page.host}`;
  return isOurs(page.hostname) ? undefined : `${page.host} is not known to be a name of this service`;
}

function foreignSite(site: string | string[] | undefined): string | undefined {
  return site === undefined || site === 'same-origin' || site === 'none'
    ? undefined
    : 'it was sent by a page of another site';
}

/** As browsers write an origin. */
function withoutDefaultPort(host: string, protocol: string): string {
  return host.replace(protocol === 'https:' ? /:443$/ : /:80$/, '');
}

/** Names that nobody can have in the DNS of the world: addresses, names without a dot, and those of a cluster. */
function isOurs(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) > 0 || !bare.includes('.') || /\.(mesos|localhost|local|internal)$/.test(bare);
}
