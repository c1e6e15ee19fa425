/** A task as it would be launched, for people. Promises what an author asks first: command, resources, environment; JSON has the rest. */
import type { EnvironmentVariable, Resource, TaskInfo } from '../../kit/mesos.ts';

/** Ends without a line break. */
export function taskText(info: TaskInfo): string {
  const { name, resources, executor, command = {}, container, health_check: health, check } = info;
  const image = container?.mesos?.image?.docker?.name;
  const uris = (command.uris ?? []).map(({ value, output_file: file }) => (file ? `${value} as ${file}` : value));
  return [
    name,
    ...field('resources', resourcesText(resources)),
    ...field('executor', resourcesText(executor?.resources)),
    ...field('user', command.user),
    ...field('image', image),
    ...block('fetched', uris),
    ...block('secret files', secretFiles(container)),
    ...block('command', lines(command.value)),
    ...block('environment', (command.environment?.variables ?? []).map(variableText)),
    ...(health ? block(`health check, ${every(health)}`, lines(health.command?.value)) : []),
    ...(check ? block(`readiness check, ${every(check)}`, lines(check.command?.command.value)) : []),
  ].join('\n');
}

const INDENT = '  ';

function secretFiles(container: TaskInfo['container']): string[] {
  return (container?.volumes ?? []).flatMap(({ container_path: file, source }) =>
    source?.secret ? [`${file} from ${source.secret.reference?.name ?? ''}`] : [],
  );
}

function field(title: string, value: string | undefined): string[] {
  return value ? [`${INDENT}${title.padEnd(10)} ${value}`] : [];
}

function block(title: string, of: readonly string[]): string[] {
  return of.length > 0 ? [INDENT + title, ...of.map((line) => (INDENT + INDENT + line).trimEnd())] : [];
}

function lines(text = ''): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function resourcesText(resources: readonly Resource[] = []): string {
  return resources.map(resourceText).join(', ');
}

function resourceText({ name, scalar, ranges, disk }: Resource): string {
  if (ranges) return `${name} ${(ranges.range ?? []).map(({ begin, end }) => portsText(begin, end)).join(' ')}`;
  const unit = name === 'mem' || name === 'disk' ? ' MB' : '';
  const volume = disk?.volume?.container_path;
  const where = disk?.source ? ` (${disk.source.type} ${volume})` : ` (${volume})`;
  return `${name} ${scalar?.value ?? 0}${unit}${volume === undefined ? '' : where}`;
}

function portsText(begin: number, end: number): string {
  return begin === end ? String(begin) : `${begin}-${end}`;
}

function variableText({ name, value, secret }: EnvironmentVariable): string {
  return `${name}=${secret ? `<secret ${secret.reference?.name ?? ''}>` : (value ?? '')}`;
}

function every({ interval_seconds: interval = 0 }: { interval_seconds?: number }): string {
  return `every ${interval} s`;
}
