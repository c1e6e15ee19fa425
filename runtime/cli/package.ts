/**
 * `mainstay package render` and `mainstay package build`: the folder of a package as the package manager would see it. Promises that
 * nothing comes of a package with mistakes but their list; never contacts anything.
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { systemClock } from '../kit/clock.ts';
import type { Package, PackageResult } from '../packaging/check.ts';
import { Mistake } from '../spec/catalogue.ts';
import { type Problem, wholeFile } from '../spec/problem.ts';
import { Failure } from './failure.ts';
import { wholeNumber } from './number.ts';
import { print, printError } from './operator.ts';
import { counted, printedProblems, problemEntries } from './problems.ts';

interface RenderOptions {
  readonly options?: string;
  readonly source?: string;
  readonly json?: true;
}

interface BuildOptions {
  readonly out?: string;
  readonly release: number;
  readonly json?: true;
}

const RENDER_HELP = `
Examples:
  $ mainstay package render frameworks/hello-world
  $ mainstay package render frameworks/hello-world --options options.json | jq .env
  $ mainstay package render frameworks/hello-world | curl -X POST -d @- -H 'content-type: application/json' http://marathon:8080/v2/apps

--json prints mistakes and warnings as a list, as mainstay validate does, on stderr.

Exit codes: 0 done; 1 the package or the options have mistakes, stderr says which.`;

const BUILD_HELP = `
Examples:
  $ mainstay package build frameworks/hello-world frameworks/data-store --out repository.json
  $ dcos package repo add --index=0 mine https://example.com/repository.json

A time in SOURCE_DATE_EPOCH (seconds since 1970) makes the file the same at each build.
--json prints mistakes and warnings as a list, as mainstay validate does, on stderr.

Exit codes: 0 done; 1 a package has mistakes, stderr says which, and nothing is written.`;

export function packageCommand(program: Command): void {
  const group = program
    .command('package')
    .summary('show what a package installs, or put packages into a repository')
    .description('Universe packages: the folder universe/ of a service, or such a folder by itself.')
    .helpCommand(false);
  const render = group.command('render');
  render
    .summary('print the Marathon app that an installation would create')
    .description(
      'Prints the Marathon app that dcos package describe --app --render would print: options merged and checked, labels added.',
    )
    .argument('<folder>', 'a folder with universe/, or a folder with package.json')
    .option('--options <file>', 'package options as JSON, laid over the defaults of config.json')
    .option('--source <url>', 'the address of the repository, for the label DCOS_PACKAGE_SOURCE (default: the folder)')
    .option('--json', 'print mistakes as a JSON list')
    .addHelpText('after', RENDER_HELP)
    .action(async (folder: string, options: RenderOptions) => {
      const [rendered] = await sound(render, [folder], options);
      if (!rendered) return;
      const { installedApp } = await import('../packaging/installed.ts');
      const source = options.source ?? pathToFileURL(resolve(folder)).href;
      print(render, JSON.stringify(installedApp(rendered, source), null, 2));
    });
  const build = group.command('build');
  build
    .summary('put packages into a Universe repository file')
    .description(
      'Checks packages and writes them as one repository, to be served over HTTP and added with dcos package repo add.',
    )
    .argument('<folders...>', 'folders with universe/, or with package.json')
    .option('--out <file>', 'where the repository is written (default: standard output)')
    .option(
      '--release <n>',
      'releaseVersion of the packages: a higher one counts as newer',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .option('--json', 'print mistakes as a JSON list')
    .addHelpText('after', BUILD_HELP)
    .action(async (folders: string[], options: BuildOptions) => {
      const packages = await sound(build, folders, options);
      if (packages.length === 0) return;
      const { repositoryOf } = await import('../packaging/repository.ts');
      const text = JSON.stringify(repositoryOf(packages, options.release, buildTime()), null, 2);
      if (options.out === undefined) return print(build, text);
      await written(options.out, `${text}\n`);
      printError(
        build,
        `${options.out} holds ${counted(packages.length, 'package')}: ${packages.map(titleOf).join(', ')}`,
      );
    });
}

/** The packages, once each of them is right; none, and exit code 1, after a mistake in any. */
async function sound(
  command: Command,
  folders: readonly string[],
  options: RenderOptions,
): Promise<readonly Package[]> {
  const results: PackageResult[] = [];
  for (const folder of folders) results.push(await packageAt(folder, options.options));
  const packages = results.flatMap((result) => (result.ok ? [result.package] : []));
  const mistakes = [...results.flatMap((result) => (result.ok ? [] : result.problems)), ...repeated(packages)];
  const warnings = results.flatMap((result) => result.warnings);
  if (options.json) printError(command, JSON.stringify(problemEntries(mistakes, warnings), null, 2));
  else
    for (const text of [...printedProblems('warning', warnings), ...printedProblems('mistake', mistakes)])
      printError(command, text);
  if (mistakes.length === 0) return packages;
  process.exitCode = 1;
  return [];
}

async function packageAt(folder: string, optionsFile: string | undefined): Promise<PackageResult> {
  const { readOptions, readUniverse } = await import('../packaging/folder.ts');
  const { checkPackage } = await import('../packaging/check.ts');
  const read = readUniverse(folder);
  if (!read.ok) return { ...read, warnings: [] };
  const options = optionsFile === undefined ? undefined : readOptions(optionsFile);
  if (options && !options.ok) return { ok: false, problems: [options.problem], warnings: [] };
  return checkPackage(read.universe, options?.source);
}

function repeated(packages: readonly Package[]): Problem[] {
  const names = packages.map(({ metadata }) => metadata.name);
  return packages
    .filter(({ metadata }, index) => names.indexOf(metadata.name) < index)
    .map(({ metadata, path }) => wholeFile(Mistake.PackagedTwice(metadata.name), path));
}

/** Seconds since 1970. */
function buildTime(): number {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? '';
  if (given === '') return Math.floor(systemClock() / 1000);
  if (!/^\d+$/.test(given)) throw new Failure(`SOURCE_DATE_EPOCH is "${given}"; expected seconds since 1970`);
  return Number(given);
}

async function written(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function titleOf({ metadata }: Package): string {
  return `${metadata.name} ${metadata.version}`;
}
