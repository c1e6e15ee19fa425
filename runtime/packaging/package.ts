/** The files of a service's folder, as texts (packaging section 1.1). Promises types only: `folder.ts` reads them. */
import type { SourceFile } from '../spec/source.ts';

export interface Folder {
  /** The svc.yml. */
  readonly service: SourceFile;
  /** There when the folder has `universe/`. */
  readonly universe?: Universe;
}

/** A package of the DC/OS Universe. */
export interface Universe {
  /** Its folder. */
  readonly path: string;
  /** `package.json`: what it is. */
  readonly metadata?: SourceFile;
  /** `config.json`: JSON Schema of the options, with defaults. */
  readonly config?: SourceFile;
  /** `marathon.json.mustache`: the app that runs the scheduler. */
  readonly marathon?: SourceFile;
  /** `resource.json`: the URIs and images that the app names. */
  readonly resource?: SourceFile;
  /** Files that no package has. */
  readonly others: readonly string[];
}
