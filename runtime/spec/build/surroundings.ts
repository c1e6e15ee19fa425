/** What a service is made of beside its definition. Promises plain data that was found and checked before anything is built. */
import type { PlacementRule } from '../service.ts';

export interface Surroundings {
  /** In which it reserves. */
  readonly role: string;
  /** The only region that it may go to. */
  readonly region?: string;
  /** Stands in front of the placement of pods that name no region. */
  readonly regionRule: PlacementRule;
  /** Variables for the tasks of a pod type, over all that the definition says. */
  readonly variablesFor: (podType: string) => Readonly<Record<string, string>>;
  /** The texts of the config templates, by path. */
  readonly templates: ReadonlyMap<string, string>;
}
