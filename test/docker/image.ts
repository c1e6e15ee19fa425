/**
 * What a Dockerfile builds, made in plain directories: a directory a stage, where a path that begins with a slash is below the
 * directory. Promises to follow every instruction, or to throw; touches nothing but those directories and npm's cache.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { execForm, pairs, parseDockerfile } from './dockerfile.ts';

/** A stage, or the image that the last one is. */
export interface Image {
  /** The directory that stands for `/`. */
  readonly root: string;
  workdir: string;
  user: string;
  env: Record<string, string>;
  labels: Record<string, string>;
  entrypoint: string[];
  cmd: string[];
  /** What `HEALTHCHECK` runs. */
  health: string[];
}

export interface Context {
  /** Where `docker build` is called: has the Dockerfile, and perhaps a `.dockerignore`. */
  readonly directory: string;
  /** Images that were built before, by name; any other name of `FROM` is an empty one. */
  readonly images: Readonly<Record<string, Image>>;
  /** An empty directory for the stages. */
  readonly scratch: string;
}

/** Builds the last stage, and before it all others. */
export async function build(context: Context): Promise<Image> {
  const known: Record<string, Image> = { ...context.images };
  let stage: Image | undefined;
  for (const { name, text } of parseDockerfile(readFileSync(join(context.directory, 'Dockerfile'), 'utf8'))) {
    if (name === 'FROM') {
      const [, base, alias] = /^(\S+)(?: AS (\S+))?$/.exec(text)!;
      stage = from(known[base!], join(context.scratch, alias ?? 'image'));
      if (alias) known[alias] = stage;
    } else if (stage) await follow(stage, name, text, context.directory, known);
    else throw new Error(`${name} before any FROM`);
  }
  if (!stage) throw new Error('a Dockerfile without FROM');
  return stage;
}

/** The environment of a process in the image; programs of the machine stand in for those of the base image. */
export function environmentOf(image: Image): Record<string, string> {
  const path = [join(image.root, 'usr/local/bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { PATH: path, ...image.env };
}

/** A path in the image as one of this machine. */
export function below(image: Image, path: string): string {
  return path.startsWith('/') ? join(image.root, path) : join(image.root, image.workdir, path);
}

function from(base: Image | undefined, root: string): Image {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  if (!base) return { root, workdir: '/', user: 'root', env: {}, labels: {}, entrypoint: [], cmd: [], health: [] };
  copy(base.root, root);
  execFileSync('chmod', ['-R', 'u+w', root]);
  return { ...structuredClone(base), root };
}

async function follow(stage: Image, name: string, text: string, directory: string, known: Record<string, Image>) {
  switch (name) {
    case 'WORKDIR':
      stage.workdir = text;
      mkdirSync(below(stage, text), { recursive: true });
      return;
    case 'COPY': {
      const [, other, paths] = /^(?:--from=(\S+) )?(.+)$/.exec(text)!;
      const sources = paths!.split(' ');
      const target = sources.pop()!;
      for (const source of sources) {
        if (other) copyInto(below(known[other]!, source), stage, target);
        else for (const [path, as] of chosen(directory, source)) copyInto(join(directory, path), stage, as ?? target);
      }
      return;
    }
    case 'RUN':
      await run(stage, text);
      return;
    case 'ENV':
      Object.assign(stage.env, pairs(text));
      return;
    case 'LABEL':
      Object.assign(stage.labels, pairs(text));
      return;
    case 'USER':
      stage.user = text;
      return;
    case 'HEALTHCHECK':
      stage.health = execForm(text.slice(text.indexOf('CMD ') + 4));
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = execForm(text);
      return;
    case 'CMD':
      stage.cmd = execForm(text);
      return;
    case 'EXPOSE':
      return;
    default:
      throw new Error(`${name} is an instruction that this test does not follow yet`);
  }
}

/** What of the context an argument of COPY means: `.` is all that `.dockerignore` leaves, each at its own place. */
function chosen(directory: string, source: string): [path: string, target?: string][] {
  if (isIgnored(directory, source)) throw new Error(`COPY ${source}: .dockerignore leaves it out`);
  if (source !== '.') return [[source]];
  const names = readdirSync(directory).filter((name) => !isIgnored(directory, name));
  return names.map((name) => [name, name]);
}

/** Its last line that matches decides, as with Docker; of the patterns only `*` and names are known. */
function isIgnored(directory: string, name: string): boolean {
  const file = join(directory, '.dockerignore');
  if (name === '.' || !existsSync(file)) return false;
  const patterns = readFileSync(file, 'utf8').split('\n');
  const last = patterns.filter((pattern) => ['*', name, `!${name}`].includes(pattern)).at(-1);
  return last !== undefined && !last.startsWith('!');
}

function copyInto(source: string, stage: Image, target: string): void {
  const path = below(stage, target);
  const isFolder = target.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory();
  copy(source, isFolder && !statSync(source).isDirectory() ? join(path, basename(source)) : path);
}

function copy(source: string, target: string): void {
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
}

async function run(stage: Image, command: string): Promise<void> {
  const here = command.replaceAll(/(?<=^| )\//g, `${stage.root}/`);
  const env = { ...process.env, npm_config_prefer_offline: 'true', ...environmentOf(stage) };
  const cwd = below(stage, '.');
  const child = spawn('sh', ['-c', here], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}:\n${said}`);
}
