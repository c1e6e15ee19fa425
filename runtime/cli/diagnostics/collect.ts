/** Asks a scheduler everything. Promises one finding a question, an answer or an error, and an end in bounded time. */
import { STATUS_CODES } from 'node:http';
import type { Client } from '../client.ts';
import { planPath, podPath } from '../path.ts';

export interface Finding {
  /** What was asked. */
  readonly path: string;
  /** Where it goes in the archive; `.error.txt` at its end when there was no good answer. */
  readonly file: string;
  readonly text: string;
  /** `200 OK`, or why there is no answer. */
  readonly outcome: string;
  readonly good: boolean;
}

type Question = readonly [path: string, file: string];

const QUESTIONS: readonly Question[] = [
  ['v1/health?verbose=true', 'health.json'],
  ['v1/plans', 'plans.json'],
  ['v1/pod', 'pods.json'],
  ['v1/pod/status', 'pod-status.json'],
  ['v1/endpoints', 'endpoints.json'],
  ['v1/configurations', 'configurations.json'],
  ['v1/configurations/targetId', 'configuration-target-id.json'],
  ['v1/state/frameworkId', 'framework-id.json'],
  ['v1/state/properties', 'properties.json'],
  ['v1/state/zone/tasks', 'zones.json'],
  ['v1/metrics?pretty=true', 'metrics.json'],
  ['v1/debug/offers', 'offers.json'],
  ['v1/debug/plans', 'debug-plans.json'],
  ['v1/debug/taskStatuses', 'task-statuses.json'],
  ['v1/debug/reservations', 'reservations.json'],
  ['v1/debug/log', 'log.txt'],
];

/** The questions that follow from the names in an answer. */
const DETAILS: Readonly<Record<string, (name: string) => readonly Question[]>> = {
  'plans.json': (plan) => [[planPath(plan), `plans/${fileName(plan)}.json`]],
  'pods.json': (pod) => [
    [podPath(pod, 'info'), `pods/${fileName(pod)}.json`],
    [podPath(pod, 'why'), `pods/${fileName(pod)}.why.json`],
  ],
  'endpoints.json': (name) => [[`v1/endpoints/${encodeURIComponent(name)}`, `endpoints/${fileName(name)}.json`]],
  'configurations.json': (id) => [
    [`v1/configurations/${encodeURIComponent(id)}`, `configurations/${fileName(id)}.json`],
  ],
};

/** After so many questions without any answer nobody is taken to be there. */
const PATIENCE = 3;

/** Throws what the first question threw when there is nobody at all. */
export async function collect(client: Client): Promise<Finding[]> {
  let silent = 0;
  const ask = async ([path, file]: Question, mustAnswer = false): Promise<Finding> => {
    const failed = (outcome: string, text: string): Finding => ({
      path,
      file: `${file}.error.txt`,
      text,
      outcome,
      good: false,
    });
    if (silent >= PATIENCE) return failed('not asked', 'not asked: the questions before had no answer\n');
    try {
      const { status, body } = await client.look(path);
      silent = 0;
      const outcome = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
      // A health code is the message itself.
      const good = (status >= 200 && status < 300) || status === 417 || path.startsWith('v1/health');
      return good ? { path, file, text: `${body}\n`, outcome, good } : failed(outcome, `${outcome}\n${body}\n`);
    } catch (error) {
      if (mustAnswer) throw error;
      silent += 1;
      const { message } = error as Error;
      return failed(message.split('\n')[0] ?? '', `${message}\n`);
    }
  };
  const findings: Finding[] = [];
  for (const [at, question] of QUESTIONS.entries()) findings.push(await ask(question, at === 0));
  const details = findings.flatMap(({ file, text, good }) =>
    good ? namesIn(text).flatMap(DETAILS[file] ?? (() => [])) : [],
  );
  for (const question of details) findings.push(await ask(question));
  return findings;
}

/** The texts of a JSON array; none in anything else. */
function namesIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_');
}
