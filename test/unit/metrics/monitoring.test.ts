/** The dashboard and the alert rules of docs/monitoring name only what a scheduler tells Prometheus; the guide knows every name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { OperationState, TaskState } from '../../../runtime/kit/mesos.ts';
import type { MesosEvent, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { type Counter, type CounterFamily, catalogue, type Gauge } from '../../../runtime/metrics/catalogue.ts';
import { count, countMember, measure, newMetrics, snapshotOf, time } from '../../../runtime/metrics/metrics.ts';
import { prometheusOf } from '../../../runtime/metrics/prometheus.ts';
import { root } from '../../support/workplace.ts';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}
interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const read = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const dashboard: Dashboard = JSON.parse(read('monitoring/grafana.json'));
const alerts: Alerts = parse(read('monitoring/alerts.yml'));
const guide = read('monitoring.md');

/** Of a scheduler that has met everything. */
let told: ReadonlySet<string>;
beforeAll(async () => {
  const names = [...(await everything()).matchAll(/^([a-zA-Z_:][\w:]*)[ {]/gm)].map(([, name]) => name ?? '');
  // Prometheus makes this one: whether it got an answer.
  told = new Set([...names, 'up']);
});

const shown = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));
const rules = alerts.groups.flatMap((group) => group.rules);

test.each([...shown, ...rules.map(({ alert, expr }) => [alert, expr] as const)])('%s: %s', (_, expr) => {
  const patterns = namesIn(expr);
  expect(patterns).not.toEqual([]);
  for (const pattern of patterns) {
    expect([...told].filter((name) => new RegExp(`^(${pattern})$`).test(name))).not.toEqual([]);
  }
});

test('the guide says of each alert what to do, and of nothing else', () => {
  expect([...guide.matchAll(/^\| `(Mainstay\w+)`/gm)].map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert));
});

test('the guide says of each number what it means, and of no other', () => {
  const names = Object.values(catalogue).flatMap(Object.keys);
  expect([...guide.matchAll(/^\| `([a-z_.*]+)`/gm)].map(([, name]) => name).sort()).toEqual(names.sort());
});

/** What stands for names of metrics in an expression, as regular expressions. */
function namesIn(expr: string): string[] {
  const byPattern = [...expr.matchAll(/__name__=~"([^"]+)"/g)].map(([, pattern]) => pattern ?? '');
  const bare = expr.replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]/g, ' ');
  const words = [...bare.matchAll(/\b[a-z_][\w:]*\b(?!\s*\()/gi)].map(([word]) => word);
  return [...byPattern, ...words.filter((word) => !['or', 'and', 'by', 'on'].includes(word))];
}

/** The members of families that the texts name; the compiler holds them against what Mesos can say. */
const STATES: readonly TaskState[] = [
  ...(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'] as const),
  ...(['TASK_LOST', 'TASK_UNREACHABLE', 'TASK_GONE'] as const),
];
const OPERATIONS: readonly OfferOperation['type'][] = ['RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY', 'LAUNCH_GROUP'];
const OUTCOMES: readonly OperationState[] = ['OPERATION_FAILED', 'OPERATION_ERROR', 'OPERATION_DROPPED'];
const EVENTS: readonly MesosEvent['type'][] = ['SUBSCRIBED'];
const METHODS = ['get', 'post'];
const CLASSES = ['2xx', '3xx', '4xx', '5xx'];

const MEMBERS: Readonly<Record<CounterFamily, readonly string[]>> = {
  'task_status.*': STATES,
  'operation.*': OPERATIONS,
  'operation_status.*': OUTCOMES,
  'mesos.events.*': EVENTS,
  'mesos.calls.*': [],
  'api.requests.*': METHODS.flatMap((method) => CLASSES.map((each) => `${method}.${each}`)),
};

/** What Prometheus is told by a scheduler that has counted one of each. */
function everything(): Promise<string> {
  const metrics = newMetrics(() => 0);
  for (const name of keysOf(catalogue.counters)) {
    if (isFamily(name)) for (const member of MEMBERS[name]) countMember(metrics, name, member);
    else count(metrics, name);
  }
  for (const name of keysOf(catalogue.histograms)) measure(metrics, name, 1);
  for (const name of keysOf(catalogue.timers)) time(metrics, name, 1);
  const gauges = new Map<Gauge, number>();
  for (const name of [...keysOf(catalogue.gauges), 'plan_status.deploy', 'plan_status.recovery'] as const)
    if (name !== 'plan_status.*') gauges.set(name, 1);
  return prometheusOf(snapshotOf(metrics, gauges));
}

function isFamily(name: Counter | CounterFamily): name is CounterFamily {
  return name.endsWith('.*');
}

function keysOf<T extends object>(kind: T): (keyof T)[] {
  return Object.keys(kind) as (keyof T)[];
}
