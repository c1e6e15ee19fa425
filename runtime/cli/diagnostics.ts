/**
 * `mainstay diagnostics`: all that a scheduler tells about itself, in one archive, for those who help from afar. Promises that a
 * request which fails is written down as its error and never loses the rest.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { collect, type Finding } from './diagnostics/collect.ts';
import { Failure } from './failure.ts';
import { clientOf, type OperatorOptions, print, printError, withAccessOptions } from './operator.ts';
import { version } from './version.ts';

interface DiagnosticsOptions extends OperatorOptions {
  readonly output?: string;
}

const HELP = `
Examples:
  mainstay diagnostics
  mainstay diagnostics -o data-store.tar.gz --url https://cluster/service/data-store

In it: plans, pods and why they wait, configurations, endpoints, health, metrics, offers, reservations, the newest log lines of the
scheduler, and versions. The scheduler masks secrets in its answers; look through the archive before you give it away all the same.`;

export function diagnosticsCommand(program: Command): void {
  const command = program
    .command('diagnostics')
    .description('write all that the scheduler tells about itself into one .tar.gz')
    .option('-o, --output <file>', 'the archive (default: mainstay-diagnostics-<time>.tar.gz)');
  withAccessOptions(command).addHelpText('after', HELP).action(diagnostics);
}

async function diagnostics(options: DiagnosticsOptions, command: Command): Promise<void> {
  const client = clientOf(command);
  const now = new Date().toISOString();
  const name = `mainstay-diagnostics-${now.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const output = resolve(options.output ?? `${name}.tar.gz`);
  touch(output);
  const findings = await collect(client);
  const about = {
    madeAt: now,
    scheduler: client.access.url,
    commandLine: { mainstay: version(), node: process.version, platform: `${process.platform} ${process.arch}` },
    requests: findings.map(({ path, file, outcome }) => ({ path, file, outcome })),
  };
  pack(output, name, [...findings, { file: 'about.json', text: `${JSON.stringify(about, null, 2)}\n` }]);
  for (const { path, outcome, good } of findings) if (!good) printError(command, `GET ${path}: ${outcome}`);
  print(command, output);
}

/** Readable by its owner alone; made first, so that a bad place is told before anything is asked. */
function touch(file: string): void {
  try {
    writeFileSync(file, '', { mode: 0o600 });
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}: name another file with -o`);
  }
}

/** The machine's own tar writes the archive: every Debian and every Mac has one. */
function pack(output: string, name: string, files: readonly Pick<Finding, 'file' | 'text'>[]): void {
  const directory = mkdtempSync(join(tmpdir(), 'mainstay-diagnostics-'));
  try {
    for (const { file, text } of files) {
      const path = join(directory, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const { error, status, stderr } = spawnSync('tar', ['-czf', output, '-C', directory, name], { encoding: 'utf8' });
    if (error) throw new Failure(`tar is needed to write the archive: ${error.message}`);
    if (status !== 0) throw new Failure(`tar could not write ${output}: ${stderr.trim()}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
