/**
 * The app as an installation would hand it to Marathon: with the labels by which the package manager knows its packages (packaging
 * section 1.6, step 7). Promises that nobody's labels take their place; never talks to Marathon.
 */
import type { Package } from './check.ts';
import type { MarathonApp } from './marathon.ts';
import { base64, entryOf } from './repository.ts';

/** `source`: the address of the repository that the package comes from. */
export function installedApp(installed: Package, source: string): MarathonApp {
  const { app, metadata, given } = installed;
  const labels = {
    ...app.labels,
    DCOS_PACKAGE_NAME: metadata.name,
    DCOS_PACKAGE_VERSION: metadata.version,
    DCOS_PACKAGE_SOURCE: source,
    DCOS_PACKAGE_OPTIONS: base64(JSON.stringify(given)),
    DCOS_PACKAGE_DEFINITION: base64(JSON.stringify(entryOf(installed, 0))),
  };
  return { ...app, labels };
}
