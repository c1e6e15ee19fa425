/**
 * The endpoints that a definition publishes as text: each a template beside it, rendered as it is itself. Promises every mistake at its
 * place in the template that has it; no part of the configuration, so that a changed text restarts no task.
 */
import { Mistake } from './catalogue.ts';
import type { Objection } from './check/objection.ts';
import type { EndpointDefinition } from './definition.ts';
import { pointerTo } from './pointer.ts';
import type { EndpointTexts } from './service.ts';
import { LARGEST_TEXT, type SourceFile } from './source.ts';
import { type Rendered, render, type Scope } from './template.ts';
import type { ReadTemplate } from './templates.ts';

export interface Endpoints {
  readonly texts: EndpointTexts;
  /** Templates that cannot be had, at the pointer of their name. */
  readonly objections: readonly Objection[];
  /** Every template with what came of it, mistakes too. */
  readonly rendered: readonly { readonly source: SourceFile; readonly rendered: Rendered }[];
}

/** `file`: of the definition; its templates are named as its neighbours. */
export function endpointsOf(
  endpoints: Readonly<Record<string, EndpointDefinition>>,
  file: string,
  readTemplate: ReadTemplate,
  scope: Scope,
): Endpoints {
  const texts: Record<string, string> = {};
  const objections: Objection[] = [];
  const all: { source: SourceFile; rendered: Rendered }[] = [];
  let stored = 0;
  for (const [name, { template }] of Object.entries(endpoints)) {
    const pointer = pointerTo('endpoints', name, 'template');
    const read = readTemplate(template);
    if (!read.ok) {
      objections.push({ finding: read.finding, pointer });
      continue;
    }
    const rendered = render(read.text, scope);
    all.push({ source: { file: file.replace(/[^/]*$/, template), text: read.text }, rendered });
    texts[name] = rendered.text;
    stored += rendered.text.length;
    if (stored > LARGEST_TEXT) objections.push({ finding: Mistake.TooLarge('all endpoints together'), pointer });
  }
  return { texts, objections, rendered: all };
}
