import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../../runtime/packaging/json.ts';
import { type LoadResult, loadService } from '../../../runtime/packaging/load.ts';
import { defaultsOf } from '../../../runtime/packaging/options.ts';

const frameworks = fileURLToPath(new URL('../../../frameworks/', import.meta.url));
const text = (...path: string[]) => readFileSync(join(frameworks, ...path), 'utf8');

function loaded(name: string, overrides: Record<string, string> = {}): Extract<LoadResult, { ok: true }> {
  const result = loadService({ path: join(frameworks, name), processEnv: {}, overrides });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** The leaves of the options, as the app's template names them. */
function optionNames(options: object, path = ''): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    isObject(value) ? optionNames(value, `${path}${name}.`) : [`${path}${name}`],
  );
}

describe.each(['data-store', 'hello-world'])('%s', (name) => {
  test('is right with nothing but its package, without a warning', () => {
    const { warnings, env, defaultsTaken } = loaded(name);
    expect(warnings).toEqual([]);
    expect(defaultsTaken).toEqual(Object.keys(env).sort());
  });

  test('every option reaches the app', () => {
    const app = text(name, 'universe', 'marathon.json.mustache');
    for (const option of optionNames(defaultsOf(JSON.parse(text(name, 'universe', 'config.json')))))
      expect(app).toContain(`{{${option}}}`);
  });

  test('every variable of the definition comes from the app', () => {
    const names = [...text(name, 'svc.yml').matchAll(/\{\{(\w+)\}\}/g)].map(([, variable]) => variable);
    expect(Object.keys(loaded(name).env)).toEqual(expect.arrayContaining(names));
  });

  test('the package, its app and its name agree', () => {
    const described = JSON.parse(text(name, 'universe', 'package.json'));
    expect(described).toMatchObject({
      name,
      packagingVersion: '4.0',
      framework: true,
      version: loaded(name).env['PACKAGE_VERSION'],
    });
    expect(loaded(name).spec.name).toBe(name);
    const image = JSON.parse(text(name, 'universe', 'resource.json')).assets.container.docker.scheduler;
    expect(image).toBe(`mainstay:${described.version}`);
  });

  test('every option is explained', () => {
    interface Section {
      description?: string;
      properties?: Record<string, Section>;
    }
    const check = (section: Section) => {
      for (const option of Object.values(section.properties ?? {})) {
        expect(option.description).toMatch(/\.$/);
        check(option);
      }
    };
    check(JSON.parse(text(name, 'universe', 'config.json')));
  });
});

describe('data-store', () => {
  test('has two meta-data pods, then three data pods', () => {
    expect(
      loaded('data-store').spec.pods.map(({ type, count, tasks }) => [type, count, tasks.map((task) => task.name)]),
    ).toEqual([
      ['meta-data', 2, ['node']],
      ['data', 3, ['node']],
    ]);
  });

  test.each([
    ['METADATA', 0],
    ['DATA', 1],
  ])('%s_COUNT, _CPU, _MEM and _DISK set its size', (prefix, index) => {
    const sizes = {
      [`${prefix}_COUNT`]: '5',
      [`${prefix}_CPU`]: '0.25',
      [`${prefix}_MEM`]: '64',
      [`${prefix}_DISK`]: '99',
    };
    const pod = loaded('data-store', sizes).spec.pods[index];
    expect(pod?.count).toBe(5);
    expect(pod?.tasks[0]?.resourceSet).toMatchObject({
      cpus: 250,
      memoryMb: 64,
      volumes: [{ type: 'ROOT', sizeMb: 99 }],
    });
  });

  test('five data pods fit on three agents', () => {
    const placement = loaded('data-store', { DATA_COUNT: '5' }).spec.pods[1]?.placement;
    expect(placement).toMatchObject({ rules: [{ kind: 'local-region' }, { kind: 'max-per', max: 2 }] });
  });

  test('data advertises a port of its own', () => {
    expect(loaded('data-store').spec.pods[1]?.tasks[0]?.resourceSet.ports).toEqual([
      { name: 'store', port: 0, envKey: 'STORE_PORT', advertise: true, ranges: [] },
    ]);
  });
});

describe('hello-world', () => {
  test('hello is watched, world says when it is ready and may end in peace', () => {
    const [hello, world] = loaded('hello-world').spec.pods.map(({ tasks }) => tasks[0]);
    expect(hello?.healthCheck).toMatchObject({ maxConsecutiveFailures: 3 });
    expect(world?.readinessCheck).toMatchObject({ intervalSeconds: 1 });
    expect(world?.killGracePeriodSeconds).toBeGreaterThan(0);
  });
});
