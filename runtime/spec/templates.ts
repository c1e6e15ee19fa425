/**
 * The texts of the config templates that a definition names (svc-yml 1.4). Promises each as it stands in its file, read once; never
 * reads a file itself and never renders one.
 */
import { Mistake } from './catalogue.ts';
import type { Objection } from './check/objection.ts';
import type { Definition } from './definition.ts';
import { pointerTo } from './pointer.ts';
import type { Finding } from './problem.ts';
import { LARGEST_TEXT } from './source.ts';

export type TemplateResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly finding: Finding };

/** The file at a path below the folder of the definition, or why it cannot be had. */
export type ReadTemplate = (path: string) => TemplateResult;

/** For a definition that has no folder. */
export const noTemplates: ReadTemplate = (path) => ({
  ok: false,
  finding: Mistake.NoSuchTemplate(path, 'the definition has no folder'),
});

export interface Templates {
  /** By path as written. */
  readonly texts: ReadonlyMap<string, string>;
  readonly objections: readonly Objection[];
}

/** A text counts as often as it is used: each task of the stored configuration has its own copy. */
export function templatesOf(pods: Definition['pods'], readTemplate: ReadTemplate): Templates {
  const read = new Map<string, TemplateResult>();
  const objections: Objection[] = [];
  let stored = 0;
  for (const [type, pod] of Object.entries(pods)) {
    for (const [task, { configs }] of Object.entries(pod.tasks)) {
      for (const [name, { template }] of Object.entries(configs)) {
        const result = read.get(template) ?? readTemplate(template);
        read.set(template, result);
        if (result.ok) stored += result.text.length;
        const finding = objectionTo(result, template, stored);
        const pointer = pointerTo('pods', type, 'tasks', task, 'configs', name, 'template');
        if (finding) objections.push({ finding, pointer });
      }
    }
  }
  const texts = [...read].flatMap(([path, result]) => (result.ok ? [[path, result.text] as const] : []));
  return { texts: new Map(texts), objections };
}

function objectionTo(result: TemplateResult, path: string, stored: number): Finding | undefined {
  if (!result.ok) return result.finding;
  if (result.text === '') return Mistake.EmptyTemplate(path);
  return stored > LARGEST_TEXT ? Mistake.TooLarge('all templates together') : undefined;
}
