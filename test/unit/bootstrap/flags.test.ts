/** Flags as Go's flag package takes them, and the environment that is printed. */
import { describe, expect, test } from 'vitest';
import { platforms } from '../../support/platforms.ts';
import { sandbox } from './sandbox.ts';

describe.each(platforms())('under $name', (platform) => {
  test('the environment is printed, sorted, with secrets hidden', () => {
    const { bootstrap } = sandbox(platform);
    const { code, stdout, stderr } = bootstrap(['-resolve=false'], {
      B: 'two\nlines',
      A: 'x=y',
      DCOS_SERVICE_ACCOUNT_CREDENTIAL: 'hide-1',
      KEYSTORE_PASSWORD: 'hide-2',
      my_secret_key: 'hide-3',
      API_Token: 'hide-4',
    });
    expect([code, stdout]).toEqual([0, '']);
    const lines = stderr.split('\n');
    expect(lines[0]).toBe('bootstrap: environment:');
    expect(stderr).toContain('\nA=x=y\n');
    expect(stderr).toContain('\nB=two\nlines\n');
    expect(lines.filter((line) => line.endsWith('=********'))).toEqual([
      'API_Token=********',
      'DCOS_SERVICE_ACCOUNT_CREDENTIAL=********',
      'KEYSTORE_PASSWORD=********',
      'my_secret_key=********',
    ]);
    expect(stderr).not.toContain('hide-');
    expect(stderr).not.toMatch(/AWKPATH|BOOTSTRAP_ENV|^LC_ALL|^bs_/m);
    const names = lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split('=')[0]);
    expect(names).toEqual([...names].sort());
  });

  test('-insecure shows secrets, -print-env=false shows nothing', () => {
    const { bootstrap } = sandbox(platform);
    expect(bootstrap(['-resolve=false', '-insecure'], { TOKEN: 'shown' }).stderr).toContain('\nTOKEN=shown\n');
    expect(bootstrap(['-resolve=false', '-print-env=false', '-insecure'], { TOKEN: 'shown' }).stderr).not.toContain(
      'shown',
    );
  });

  test.each([
    ['one dash', '-print-env=false'],
    ['two dashes', '--print-env=false'],
    ['a zero', '-print-env=0'],
    ['a letter', '--print-env=F'],
    ['the last of several', '-print-env -print-env=t -print-env=FALSE'],
    ['then the end of flags', '-print-env=false -- -print-env=true'],
  ])('a flag is turned off by %s', (_, flags) => {
    const { code, stderr } = sandbox(platform).bootstrap(['-resolve=false', ...flags.split(' ')]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('environment:');
  });

  test.each([
    ['an unknown flag', ['-reslove=false'], 'flag provided but not defined: -reslove'],
    ['what is neither true nor false', ['-resolve=no'], 'invalid boolean value "no" for -resolve'],
    ['three dashes', ['---resolve'], 'bad flag syntax: --resolve'],
    ['a flag without a name', ['-=x'], 'bad flag syntax: -=x'],
    ['a missing value', ['-resolve-hosts'], 'flag needs an argument: -resolve-hosts'],
    ['a size that is no number', ['-template-max-bytes=1M'], 'invalid value "1M" for -template-max-bytes'],
    ['a time without a unit', ['-resolve-timeout=5'], 'invalid value "5" for -resolve-timeout'],
    ['a time that is none', ['-resolve-timeout', '5m-'], 'invalid value "5m-" for -resolve-timeout'],
    ['a time before now', ['-resolve-timeout=-5m'], 'invalid value "-5m" for -resolve-timeout'],
  ])('%s ends with 2 and the list of flags', (_, flags, complaint) => {
    const { code, stderr } = sandbox(platform).bootstrap(flags, { CONFIG_TEMPLATE_A: 'never,looked-at' });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`bootstrap: ${complaint}`)]);
    expect(stderr).toContain('Usage: ./bootstrap [flags]');
  });

  test('a word that is no flag ends the flags, and is told', () => {
    const { code, stderr } = sandbox(platform).bootstrap(['-resolve=false', 'false', '-print-env=false']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('ignored: false -print-env=false')]);
    expect(stderr).toContain('environment:');
  });

  test('-help lists the flags', () => {
    const { code, stderr } = sandbox(platform).bootstrap(['-help']);
    expect(code).toBe(0);
    for (const flag of [
      'template',
      'template-max-bytes',
      'resolve',
      'resolve-hosts',
      'resolve-timeout',
      'self-resolve',
    ])
      expect(stderr).toContain(`\n  -${flag}=`);
    for (const flag of ['print-env', 'insecure', 'install-certs', 'get-task-ip', 'verbose'])
      expect(stderr).toContain(`\n  -${flag}=`);
  });

  test('it ends with the line that operators look for', () => {
    expect(sandbox(platform).bootstrap(['-resolve=false']).stderr).toMatch(/bootstrap: SDK Bootstrap successful\.\n$/);
  });
});
