/**
 * The plans as lines for a terminal: the tree of the field, with where each pod runs, how long it took and why it waits. Promises
 * that no line is wider and the picture no higher than the terminal.
 */
import { delayText } from '../../api/bodies/waiting.ts';
import { paint, statusTone, type Tone } from '../paint.ts';
import { type Branch, branches, type Tree } from '../tree.ts';
import { type History, type StepHistory, stepKey } from './history.ts';
import { refusalInWords } from './lines.ts';
import type { PhaseLook, PlanLook, StepLook } from './look.ts';

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
}

/** Text without control characters, with what it means to the eye. */
interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** A node: what stands in the tree, and what stands in a column beside it. */
interface Row {
  readonly label: readonly Span[];
  readonly beside: readonly Span[];
}

/** `now` in milliseconds since the epoch. */
export function picture(history: History, now: number, frame: Frame): string[] {
  const whole = linesOf(history, now, frame, false);
  const lines = whole.length <= frame.rows ? whole : linesOf(history, now, frame, true);
  const kept = lines.length <= frame.rows ? lines : lines.slice(0, Math.max(frame.rows - 1, 0));
  const cut = lines.length - kept.length;
  return cut > 0 ? [...kept, painted([span(`… ${cut} more lines`, 'faint')], frame)] : kept;
}

/** `folded`: steps that are done or not begun share a line. A plan without phases has nothing to show beside others. */
function linesOf(history: History, now: number, frame: Frame, folded: boolean): string[] {
  const plans = history.plans.filter(
    (plan) => plan.phases.length > 0 || plan.errors.length > 0 || history.plans.length === 1,
  );
  return plans.flatMap((plan, at) => [
    ...(at > 0 ? [''] : []),
    ...treeLines(branches(planTree(plan, history, now, folded)), frame),
    ...errorLines(plan.errors, frame),
  ]);
}

/** What stands beside the tree forms a column, as near as the longest of its rows allows. */
function treeLines(rows: readonly Branch<Row>[], frame: Frame): string[] {
  const beside = rows.filter(({ value }) => value.beside.length > 0);
  const width = Math.max(0, ...beside.map(({ prefix, value }) => prefix.length + widthOf(value.label)));
  return rows.map(({ prefix, value }) => {
    const left = [span(prefix, 'faint'), ...value.label];
    const gap = value.beside.length > 0 ? ' '.repeat(width - widthOf(left) + 2) : '';
    return painted([...left, span(gap, 'plain'), ...value.beside], frame);
  });
}

/** Errors are wrapped, not cut: their end often says what to do. */
function errorLines(errors: readonly string[], frame: Frame): string[] {
  if (errors.length === 0) return [];
  const room = Math.max(frame.columns - 3, 1);
  const lines = errors.flatMap((error) => {
    const chunks = refusalInWords(error)
      .split('\n')
      .flatMap((line) => line.match(new RegExp(`.{1,${room}}`, 'gu')) ?? ['']);
    return chunks.map((chunk, at) => `${at === 0 ? '- ' : '  '}${chunk}`);
  });
  return ['', painted([span('Errors:', 'bad')], frame), ...lines.map((line) => painted([span(line, 'plain')], frame))];
}

function planTree(plan: PlanLook, history: History, now: number, folded: boolean): Tree<Row> {
  return {
    value: { label: strategyLabel(plan), beside: [] },
    children: plan.phases.map((phase) => ({
      value: { label: strategyLabel(phase), beside: [] },
      children: phaseRows(
        phase,
        folded,
        (step) => history.steps.get(stepKey(plan.name, phase.name, step.name)),
        now,
      ).map((value) => ({ value, children: [] })),
    })),
  };
}

function phaseRows(
  phase: PhaseLook,
  folded: boolean,
  historyOf: (step: StepLook) => StepHistory | undefined,
  now: number,
): Row[] {
  const row = (step: StepLook): Row => ({
    label: [span(`${step.name} `, 'plain'), ...statusLabel(step.status)],
    beside: besideStep(step, historyOf(step), now),
  });
  if (!folded) return phase.steps.map(row);
  const active = phase.steps.filter((step) => step.status !== 'COMPLETE' && step.status !== 'PENDING');
  return [...fold(phase, 'COMPLETE'), ...active.map(row), ...fold(phase, 'PENDING')];
}

function fold(phase: PhaseLook, status: 'COMPLETE' | 'PENDING'): Row[] {
  const count = phase.steps.filter((step) => step.status === status).length;
  return count === 0 ? [] : [{ label: [span(`… ${count} `, 'faint'), ...statusLabel(status)], beside: [] }];
}

function besideStep(step: StepLook, history: StepHistory | undefined, now: number): Span[] {
  const { startedAt, endedAt, why } = history ?? {};
  const parts = [
    ...(step.host === undefined ? [] : [span(step.host, 'plain')]),
    ...(startedAt === undefined ? [] : [span(durationText((endedAt ?? now) - startedAt), 'faint')]),
    ...(why ? [span(why.until === undefined ? why.text : delayText(why.until, now), 'held')] : []),
  ];
  return parts.flatMap((part, at) => (at > 0 ? [span('  ', 'plain'), part] : [part]));
}

function strategyLabel({ name, strategy, status }: PlanLook | PhaseLook): Span[] {
  return [span(`${name} (${strategy} strategy) `, 'plain'), ...statusLabel(status)];
}

function statusLabel(status: string): Span[] {
  return [span('(', 'plain'), span(status, statusTone(status)), span(')', 'plain')];
}

function span(text: string, tone: Tone): Span {
  return { text, tone };
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + text.length, 0);
}

/** The line in colours; one that is too long ends with `…`. The last column stays free: some terminals wrap there. */
function painted(line: readonly Span[], { columns, colors }: Frame): string {
  const room = Math.max(columns - 1, 1);
  const cut = widthOf(line) > room;
  let left = cut ? room - 1 : room;
  let text = '';
  for (const part of line) {
    text += paint(part.text.slice(0, left), part.tone, colors);
    left = Math.max(left - part.text.length, 0);
  }
  return cut ? `${text}…` : text;
}

/** `0.4s`, `12s`, `2m05s`, `1h02m`; of milliseconds. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  if (seconds < 60) return `${seconds}s`;
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}
