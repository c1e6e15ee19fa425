/**
 * From the text of an svc.yml and an environment to a checked ServiceSpec. Promises every mistake at its place in the template,
 * or a spec that the core can plan with; never reads files or the process environment.
 */
import { buildPlans } from './build/plans.ts';
import { build } from './build/service.ts';
import { Mistake } from './catalogue.ts';
import { objections } from './check/service.ts';
import type { Definition } from './definition.ts';
import { readDocument } from './document.ts';
import { endpointsOf } from './endpoints.ts';
import { type Finding, inOrder, locatorOf, type Problem, wholeFile } from './problem.ts';
import { regionOf } from './region.ts';
import { serviceRole } from './role.ts';
import { routedVariables } from './routing.ts';
import { serviceSchema } from './schema.ts';
import { environmentScope } from './scope.ts';
import type { EndpointTexts, PlanSpecs, ServiceSpec } from './service.ts';
import { soundPart } from './sound.ts';
import { LARGEST_TEXT, type SourceFile, type Span } from './source.ts';
import { type Rendered, render } from './template.ts';
import { noTemplates, type ReadTemplate, templatesOf } from './templates.ts';

export type ServiceResult =
  | {
      ok: true;
      spec: ServiceSpec;
      plans: PlanSpecs;
      endpoints: EndpointTexts;
      /** What the file says, typed and with defaults. */
      definition: Definition;
      /** The YAML that the template became. */
      rendered: string;
      warnings: Problem[];
    }
  | {
      ok: false;
      /** Absent when the tags could not be filled in. */
      rendered?: string;
      problems: Problem[];
      warnings: Problem[];
    };

export interface ServiceOptions {
  /** A variable without a value is empty, with a warning, as upstream has it. */
  readonly lenient?: boolean;
  /** Without it a definition can have no config templates. */
  readonly readTemplate?: ReadTemplate;
}

const START: Span = { from: 0, to: 1 };

/**
 * Renders, reads and checks. Problems and warnings come in the order of the file, placed in the template; `rendered` says what
 * the tags there became.
 */
export function parseService(
  template: SourceFile,
  env: Readonly<Record<string, string>>,
  { lenient = false, readTemplate = noTemplates }: ServiceOptions = {},
): ServiceResult {
  const locate = locatorOf(template);
  if (template.text.length > LARGEST_TEXT) {
    return { ok: false, problems: [locate(Mistake.TooLarge('the file'), START)], warnings: [] };
  }
  const scope = environmentScope(env);
  const rendered = render(template.text, scope);
  const { unrendered, warnings } = sorted(rendered, lenient, (finding, span) => locate(finding, span));
  const place = (finding: Finding, span: Span, whole: Span = span): Problem => {
    const { fromTag, ...origin } = rendered.origin(span);
    return locate(finding, origin, fromTag ? rendered.text.slice(whole.from, whole.to) : undefined);
  };

  const reading = readDocument(rendered.text, serviceSchema);
  const problems = reading.mistakes.map(({ finding, span, whole }) => place(finding, span, whole));
  warnings.push(...reading.warnings.map(({ finding, span }) => place(finding, span)));
  const definition = reading.value as Definition | undefined;
  const broken = reading.mistakes.map(({ pointer }) => pointer);
  const sound = definition && unrendered.length === 0 ? soundPart(definition, broken) : undefined;
  const templates = templatesOf(sound?.pods ?? {}, readTemplate);
  const endpoints = endpointsOf(sound?.endpoints ?? {}, template.file, readTemplate, scope);
  for (const { finding, pointer, ofKey, warning } of sound
    ? [...objections(sound), ...templates.objections, ...endpoints.objections]
    : []) {
    const at = reading.placeOf(pointer);
    (warning ? warnings : problems).push(place(finding, (ofKey ? at?.key : at?.value) ?? START));
  }
  for (const { source, rendered } of endpoints.rendered) {
    const found = sorted(rendered, lenient, locatorOf(source));
    problems.push(...found.unrendered);
    warnings.push(...found.warnings);
  }
  const region = regionOf(definition ?? {}, env);
  if (!region.ok) problems.push(wholeFile(region.finding, template.file));
  const role = serviceRole(sound?.name ?? '', env);
  if (!role.ok) problems.push(wholeFile(role.finding, template.file));

  if (definition && region.ok && role.ok && problems.length === 0 && unrendered.length === 0) {
    const spec = build(definition, {
      role: role.role,
      ...(region.region ? { region: region.region } : {}),
      regionRule: region.rule,
      variablesFor: routedVariables(env),
      templates: templates.texts,
    });
    const plans = buildPlans(definition);
    return {
      ok: true,
      spec,
      plans,
      endpoints: endpoints.texts,
      definition,
      rendered: rendered.text,
      warnings: inOrder(warnings),
    };
  }
  return {
    ok: false,
    ...(unrendered.length === 0 ? { rendered: rendered.text } : {}),
    problems: inOrder([...unrendered, ...withoutEchoes(problems, unrendered)]),
    warnings: inOrder(warnings),
  };
}

/** What could not be rendered; to the lenient, a variable without a value is only a warning. */
function sorted(
  { mistakes }: Rendered,
  lenient: boolean,
  place: (finding: Finding, span: Span) => Problem,
): { unrendered: Problem[]; warnings: Problem[] } {
  const forgiven = (finding: Finding) => lenient && finding.code === MISSING;
  const placed = (kept: typeof mistakes) => kept.map(({ finding, span }) => place(finding, span));
  return {
    unrendered: placed(mistakes.filter(({ finding }) => !forgiven(finding))),
    warnings: placed(mistakes.filter(({ finding }) => forgiven(finding))),
  };
}

const MISSING = Mistake.MissingVariable('', undefined).code;

/** A tag that could not be rendered came out empty: what that breaks on its line, or of the YAML behind it, is the same mistake. */
function withoutEchoes(problems: readonly Problem[], unrendered: readonly Problem[]): Problem[] {
  const lines = new Set(unrendered.map((problem) => problem.line));
  return problems.filter((problem) => !lines.has(problem.line) && !(lines.size > 0 && problem.code === 'SVC003'));
}
