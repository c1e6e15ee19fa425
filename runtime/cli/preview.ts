/**
 * `mainstay preview`: what a changed definition would do to the running service. Promises to change nothing, and exit codes for
 * scripts: 0 nothing to do, 2 changes, 1 refused or failed.
 */
import { type Command, Option } from 'commander';
import type { Preview } from '../core/target/preview.ts';
import { MASK, secretTexts } from '../kit/mask.ts';
import { printProblem } from '../spec/problem.ts';
import type { ServiceSpec } from '../spec/service.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';
import { Failure } from './failure.ts';
import { clientOf, type OperatorOptions, parsed, printAnswer, withAccessOptions } from './operator.ts';

interface PreviewOptions extends DefinitionOptions, OperatorOptions {
  readonly store?: string;
}

/** What runs now. */
interface Current {
  readonly spec?: ServiceSpec;
  /** Pod instances. */
  readonly running: ReadonlySet<string>;
}

const NOT_COMPARED =
  'Secrets were not compared: the scheduler shows them to nobody. Only --store can tell whether one changed.';

const HELP = `
Examples:
  $ mainstay preview frameworks/data-store -e DATA_COUNT=5
  $ mainstay preview frameworks/data-store --store file:/var/lib/data-store   # while no scheduler runs

Exit codes: 0 nothing to do; 2 there are changes; 1 the change would be refused, or the preview failed.`;

export function previewCommand(program: Command): void {
  const command = program
    .command('preview')
    .summary('show what a changed definition would do to the running service')
    .description(
      'Compares a definition with what a scheduler runs: the fields that differ, which pods would restart and in which order, ' +
        'what would be launched, removed or refused. Nothing is changed.',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .addOption(
      new Option('--store <url>', 'read the state from its store instead: file:DIR').conflicts(['url', 'name']),
    )
    .addOption(new Option('--json', 'print the result as JSON').conflicts('yaml'))
    .option('--yaml', 'print the result as YAML');
  withDefinitionOptions(withAccessOptions(command))
    .addHelpText('after', HELP)
    .action(async (path: string, options: PreviewOptions) => {
      const definition = await definitionAt(path, options, 8080);
      if (!definition.ok) {
        throw new Failure(`${path} would be refused\n\n${definition.problems.map(printProblem).join('\n\n')}`);
      }
      const { spec, plans } = definition;
      const current = options.store ? await fromStore(options.store, spec.name) : await fromScheduler(command);
      const { preview } = await import('../core/target/preview.ts');
      const { shownChanges } = await import('../core/target/shown.ts');
      const { secretsOf, unmasked } = await import('../spec/shown.ts');
      const known = current.spec ? [spec, current.spec] : [spec];
      const secrets = secretsOf(known, secretTexts(definition.env, new Set(spec.maskedEnv)));
      const old = current.spec && unmasked(current.spec, spec, secrets);
      const found = preview(old, spec, plans, current.running);
      const result = { ...found, changes: shownChanges(found.changes, secrets) };
      // The store has the secrets themselves; the API tells nobody.
      const unknown = JSON.stringify(current.spec ?? '').includes(MASK);
      await printAnswer(program, JSON.stringify(result, null, 2), options, () =>
        unknown ? `${text(result)}\n\n${NOT_COMPARED}` : text(result),
      );
      if (result.refused.length > 0) process.exitCode = 1;
      else if (hasWork(result)) process.exitCode = 2;
    });
}

async function fromScheduler(command: Command): Promise<Current> {
  const { fromStored } = await import('../spec/stored/service.ts');
  const client = clientOf(command);
  const spec = fromStored(parsed(await client.get('v1/configurations/target')));
  return { spec, running: new Set(parsed(await client.get('v1/pod')) as string[]) };
}

async function fromStore(store: string, name: string): Promise<Current> {
  const { openStore } = await import('../store/open.ts');
  const { load } = await import('../store/layout.ts');
  const { podInstanceName } = await import('../core/tasks/name.ts');
  const { podOf } = await import('../core/tasks/record.ts');
  const tree = await openStore(store, { service: name });
  try {
    const { service } = await load(tree, name);
    const spec = service?.configs.get(service.targetId);
    const pods = [...(service?.tasks.values() ?? [])]
      .map((record) => podOf(record.info))
      .filter((pod) => pod !== undefined);
    return { ...(spec ? { spec } : {}), running: new Set(pods.map((pod) => podInstanceName(pod.type, pod.index))) };
  } finally {
    await tree.close();
  }
}

function hasWork({ changes, restarted, launched, removed }: Preview): boolean {
  return changes.length + restarted.length + launched.length + removed.length > 0;
}

function text(result: Preview): string {
  if (!hasWork(result) && result.refused.length === 0) return 'Nothing to do: the service runs this definition.';
  const changes = result.changes.map(({ path, from, to }) => `  ${path}: ${from ?? 'absent'} -> ${to ?? 'absent'}`);
  const refused = result.refused.map(
    ({ field, from, to, message }) => `  ${field} (${from === undefined ? to : `${from} -> ${to}`}): ${message}`,
  );
  return [
    section('Changes', changes),
    section('REFUSED: the old definition would run on', refused),
    section(
      'Restarted, in this order',
      result.restarted.map((pod) => `  ${pod}`),
    ),
    section(
      'Launched, in this order',
      result.launched.map((pod) => `  ${pod}`),
    ),
    section(
      'Removed with their volumes, in this order',
      result.removed.map((pod) => `  ${pod}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.join('\n')}`;
}
