/**
 * A Universe repository (packaging section 1.5), and how a package stands in one. Promises the same bytes for the same packages and
 * time; never reads files or the clock.
 */
import type { Metadata, Package } from './check.ts';
import type { JsonObject } from './json.ts';

/** One package of a repository. */
export interface RepositoryEntry extends Metadata {
  readonly releaseVersion: number;
  readonly config?: JsonObject;
  readonly resource?: JsonObject;
  readonly marathon: { readonly v2AppMustacheTemplate: string };
}

export interface Repository {
  readonly packages: readonly RepositoryEntry[];
}

/** `lastUpdated`: seconds since 1970, unless the package says it itself. */
export function repositoryOf(packages: readonly Package[], releaseVersion: number, lastUpdated: number): Repository {
  return { packages: packages.map((each) => ({ lastUpdated, ...entryOf(each, releaseVersion) })) };
}

export function entryOf({ metadata, config, resource, template }: Package, releaseVersion: number): RepositoryEntry {
  return {
    ...metadata,
    releaseVersion,
    ...(config ? { config } : {}),
    ...(resource ? { resource } : {}),
    marathon: { v2AppMustacheTemplate: base64(template.text) },
  };
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
