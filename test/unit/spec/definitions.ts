/** Definitions for the tests: a small one that is right, and where a mistake in it is reported. */
import type { Problem } from '../../../runtime/spec/problem.ts';
import type { PlanSpecs, ServiceSpec } from '../../../runtime/spec/service.ts';
import { parseService } from '../../../runtime/spec/spec.ts';

export function parsed(text: string, env: Readonly<Record<string, string>> = {}): ServiceSpec {
  return sound(text, env).spec;
}

export function plansIn(text: string): PlanSpecs {
  return sound(text, {}).plans;
}

function sound(text: string, env: Readonly<Record<string, string>>) {
  const result = parseService({ file: 'svc.yml', text }, env);
  if (!result.ok) throw new Error(brief(result.problems).join('\n'));
  return result;
}

/** `line:column code message -> remedy`, one a problem. */
export function mistakesIn(text: string, env: Readonly<Record<string, string>> = {}): string[] {
  const result = parseService({ file: 'svc.yml', text }, env);
  return result.ok ? [] : brief(result.problems);
}

export function warningsIn(text: string): string[] {
  return brief(parseService({ file: 'svc.yml', text }, {}).warnings);
}

function brief(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ line, column, code, message, remedy }) => `${line}:${column} ${code} ${message}${remedy ? ` -> ${remedy}` : ''}`,
  );
}

/** A service of one pod and one task; `task` and `pod` are lines to add there. */
export function service({
  task = [],
  pod = [],
  top = [],
}: {
  task?: string[];
  pod?: string[];
  top?: string[];
} = {}): string {
  return [
    'name: store',
    ...top,
    'pods:',
    '  data:',
    '    count: 1',
    ...pod.map((line) => `    ${line}`),
    '    tasks:',
    '      node:',
    '        goal: RUNNING',
    '        cmd: ./run',
    '        cpus: 0.5',
    ...task.map((line) => `        ${line}`),
    '',
  ].join('\n');
}
