/**
 * From the text of an svc.yml and an environment to a checked ServiceSpec. Promises every mistake at its place in the template,
 * or a spec that the core can plan with; never reads files or the process environment.
 */
import { build, buildPlans } from './build.ts';
import { Mistake } from './catalogue.ts';
import { objections } from './check.ts';
import { planObjections } from './check-plans.ts';
import type { Definition } from './definition.ts';
import { type Reading, readDocument } from './document.ts';
import { pointerTo } from './pointer.ts';
import { type Finding, inOrder, locatorOf, type Problem } from './problem.ts';
import { serviceSchema, type Violation, validate } from './schema.ts';
import { environmentScope } from './scope.ts';
import type { PlanSpecs, ServiceSpec } from './service.ts';
import { soundPart } from './sound.ts';
import { LARGEST_TEXT, type SourceFile, type Span } from './source.ts';
import { render } from './template.ts';

export type ServiceResult =
  | { ok: true; spec: ServiceSpec; plans: PlanSpecs; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

const START: Span = { from: 0, to: 1 };

/**
 * Renders, reads and checks. Problems and warnings come in the order of the file, placed in the template; `rendered` says what
 * the tags there became.
 */
export function parseService(template: SourceFile, env: Readonly<Record<string, string>>): ServiceResult {
  const locate = locatorOf(template);
  if (template.text.length > LARGEST_TEXT) {
    return { ok: false, problems: [locate(Mistake.TooLarge('the file'), START)], warnings: [] };
  }
  const rendered = render(template.text, environmentScope(env));
  const place = (finding: Finding, span: Span): Problem => {
    const { fromTag, ...origin } = rendered.origin(span);
    return locate(finding, origin, fromTag ? rendered.text.slice(span.from, span.to) : undefined);
  };
  const unrendered = rendered.mistakes.map(({ finding, span }) => locate(finding, span));
  const reading = readDocument(rendered.text, serviceSchema);
  const problems = reading.mistakes.map(({ finding, span }) => place(finding, span));
  const warnings = reading.warnings.map(({ finding, span }) => place(finding, span));

  const violations = (reading.value === undefined ? [] : validate(reading.value)).filter(
    ({ pointer, missing }) => !missing || !reading.misspelt.has(pointer + pointerTo(missing.field)),
  );
  problems.push(...violations.map((violation) => placeViolation(violation, reading, place)));
  const service = reading.value as Definition | undefined;
  const broken = [...reading.mistakes, ...violations].map(({ pointer }) => pointer);
  const sound = service && unrendered.length === 0 ? soundPart(service, broken) : undefined;
  for (const { finding, pointer, ofKey, warning } of sound ? [...objections(sound), ...planObjections(sound)] : []) {
    const at = reading.places.get(pointer);
    (warning ? warnings : problems).push(place(finding, (ofKey ? at?.key : at?.value) ?? START));
  }

  if (service && problems.length === 0 && unrendered.length === 0) {
    return { ok: true, spec: build(service), plans: buildPlans(service), warnings: inOrder(warnings) };
  }
  return {
    ok: false,
    problems: inOrder([...unrendered, ...withoutEchoes(problems, unrendered)]),
    warnings: inOrder(warnings),
  };
}

/** A tag that could not be rendered came out empty: what that breaks on its line, or of the YAML behind it, is the same mistake. */
function withoutEchoes(problems: readonly Problem[], unrendered: readonly Problem[]): Problem[] {
  const lines = new Set(unrendered.map((problem) => problem.line));
  return problems.filter((problem) => !lines.has(problem.line) && !(lines.size > 0 && problem.code === 'SVC003'));
}

/** A missing field is shown at its empty value, if its key is there, else at the key of the map that wants it. */
function placeViolation(
  violation: Violation,
  { places }: Reading,
  place: (finding: Finding, span: Span) => Problem,
): Problem {
  const { finding, pointer, missing, ofKey } = violation;
  const here = places.get(pointer);
  if (!missing) return place(finding, (ofKey ? here?.key : here?.value) ?? START);
  const empty = places.get(pointer + pointerTo(missing.field));
  return empty ? place(missing.empty, empty.value) : place(finding, here?.key ?? START);
}
