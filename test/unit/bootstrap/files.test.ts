/** Where rendered files go, and what becomes of the ones that are there. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platforms, where } from '../../support/platforms.ts';
import { sandbox } from './sandbox.ts';

const QUIET = ['-resolve=false', '-print-env=false'];

describe.each(platforms())('under $name', (platform) => {
  test('several templates are rendered, each to its own place, into folders that are made for them', () => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    write('config-templates/a', 'a={{A}}');
    write('config-templates/b', 'b={{B}}');
    const { code, stderr } = bootstrap(QUIET, {
      A: '1',
      B: '2',
      CONFIG_TEMPLATE_A_XML: 'config-templates/a,etc/deep/a.xml',
      CONFIG_TEMPLATE_B: `config-templates/b,${directory}/absolute/b`,
    });
    expect([code, read('etc/deep/a.xml'), read('absolute/b')], stderr).toEqual([0, 'a=1', 'b=2']);
    expect(stderr).toContain(`rendered ${directory}/config-templates/a to ./etc/deep/a.xml`);
  });

  test('a destination may hold commas, blanks, quotes, and begin with a dash', () => {
    const { write, read, bootstrap } = sandbox(platform);
    write('t', 'x');
    const names = ['a,b', ' a b ', '-rf', "it's", '$(touch no)', 'a"b', 'ü', 'a\\b'];
    const files = Object.fromEntries(names.map((name, index) => [`CONFIG_TEMPLATE_${index}`, `t,${name}`]));
    const { code, stderr } = bootstrap(QUIET, files);
    expect(code, stderr).toBe(0);
    expect(names.map((name) => read(name))).toEqual(names.map(() => 'x'));
    expect(read('no')).toBeUndefined();
  });

  test('a new file is made under the umask, one that is there keeps its mode, and no other file is left', () => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    write('t', 'new');
    write('run.sh', 'old and longer');
    chmodSync(join(directory, 'run.sh'), 0o750);
    expect(bootstrap(QUIET, { CONFIG_TEMPLATE_A: 't,run.sh', CONFIG_TEMPLATE_B: 't,fresh' }).code).toBe(0);
    expect([read('run.sh'), statSync(join(directory, 'run.sh')).mode & 0o777]).toEqual(['new', 0o750]);
    expect(statSync(join(directory, 'fresh')).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(readdirSync(directory).sort()).toEqual(['fresh', 'run.sh', 't']);
  });

  test('a link is written through', () => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    write('t', 'new');
    write('real', 'old');
    symlinkSync('real', join(directory, 'link'));
    expect(bootstrap(QUIET, { CONFIG_TEMPLATE_A: 't,link' }).code).toBe(0);
    expect(read('real')).toBe('new');
    expect(lstatSync(join(directory, 'link')).isSymbolicLink()).toBe(true);
  });

  test('a file that is there stays as it was when its template is wrong', () => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    write('t', 'good until {{#A}}');
    write('conf', 'before');
    expect(bootstrap(QUIET, { CONFIG_TEMPLATE_A: 't,conf' }).code).toBe(1);
    expect([read('conf'), readdirSync(directory).sort()]).toEqual(['before', ['conf', 't']]);
  });

  test('a full disk leaves no half of a file', () => {
    // Not every awk says that it could not write.
    const [program, ...args] = ['sh', '-c', 'trap "" XFSZ; ulimit -f 8; exec "$@"', 'sh', ...platform.shell];
    const { render, directory } = sandbox({ ...platform, shell: [where(program!), ...args] });
    const { code, text, stderr } = render('{{A}}\n'.repeat(10_000), { A: 'x'.repeat(100) });
    expect([code, text], stderr).toEqual([1, undefined]);
    expect(stderr).toContain('bootstrap: CONFIG_TEMPLATE_FILE: ');
    expect(readdirSync(directory)).toEqual(['config-templates']);
  });

  test('-template=false renders nothing', () => {
    const { write, read, bootstrap } = sandbox(platform);
    write('t', 'x');
    const { code, stderr } = bootstrap([...QUIET, '-template=false'], { CONFIG_TEMPLATE_A: 't,conf' });
    expect([code, read('conf')]).toEqual([0, undefined]);
    expect(stderr).toContain('no template is rendered: -template=false');
  });

  test('a template of more than a mebibyte is refused, unless a flag allows it', () => {
    const { render } = sandbox(platform);
    const text = 'x'.repeat(1024 * 1024);
    expect(render(text)).toMatchObject({ code: 0, text });
    expect(render(`${text}y`, {}, ['-template-max-bytes', '0'])).toMatchObject({ code: 0, text: `${text}y` });
    expect(render('12345', {}, ['-template-max-bytes=4'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has 5 bytes; -template-max-bytes allows 4'),
    });
    expect(render(`${text}z`)).toMatchObject({
      code: 1,
      text: `${text}y`,
      stderr: expect.stringContaining('has 1048577 bytes; -template-max-bytes allows 1048576'),
    });
  });

  test.each([
    ['no comma', 't', 'CONFIG_TEMPLATE_A is "t": expected <template>,<destination>'],
    ['no destination', 't,', 'CONFIG_TEMPLATE_A is "t,": it names no destination'],
    ['no such template', 'none,conf', 'CONFIG_TEMPLATE_A: there is no '],
    ['a folder as template', 'folder,conf', 'is not a regular file'],
    ['a folder as destination', 't,folder', 'the destination ./folder is a directory'],
    ['a file in the way of a folder', 't,t/conf', 'the folder of ./t/conf cannot be made'],
  ])('%s is refused', (_, value, complaint) => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    write('t', 'x');
    mkdirSync(join(directory, 'folder'));
    const { code, stderr } = bootstrap(QUIET, { CONFIG_TEMPLATE_A: value });
    expect([code, read('conf'), stderr]).toEqual([1, undefined, expect.stringContaining(complaint)]);
    expect(stderr).not.toContain('successful');
  });

  test('without MESOS_SANDBOX nothing is rendered', () => {
    const { bootstrap } = sandbox(platform);
    const { code, stderr } = bootstrap(QUIET, { MESOS_SANDBOX: undefined, CONFIG_TEMPLATE_A: 't,conf' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('MESOS_SANDBOX is not set')]);
    expect(bootstrap(QUIET, { MESOS_SANDBOX: undefined }).code, 'but nobody minds without a template').toBe(0);
  });

  test('the CA of the cluster is given to the JRE; a keytool that fails is only told', () => {
    const { write, read, bootstrap, directory } = sandbox(platform);
    const jre = { JAVA_HOME: join(directory, 'jre'), FAIL: '' };
    write('jre/bin/keytool', '#!/bin/sh\necho "$*" >asked\n[ -z "$FAIL" ]\n');
    chmodSync(join(directory, 'jre/bin/keytool'), 0o755);

    expect(bootstrap(QUIET, jre).code).toBe(0);
    expect(read('asked'), 'without a certificate there is nothing to do').toBeUndefined();

    write('.ssl/ca.crt', 'old place');
    write('.ssl/ca-bundle.crt', 'new place');
    expect(bootstrap([...QUIET, '-install-certs=false'], jre).code).toBe(0);
    expect(read('asked')).toBeUndefined();
    expect(bootstrap(QUIET, jre).stderr).toContain(`installed ${directory}/.ssl/ca-bundle.crt`);
    expect(read('asked')).toBe(
      `-importcert -noprompt -alias dcoscert -keystore ${directory}/jre/lib/security/cacerts ` +
        `-file ${directory}/.ssl/ca-bundle.crt -storepass changeit\n`,
    );
    const { code, stderr } = bootstrap(QUIET, { ...jre, FAIL: 'yes' });
    expect([code, stderr]).toEqual([0, expect.stringContaining('could not be installed')]);
    expect(bootstrap(QUIET).stderr).toContain('JAVA_HOME is not set');
  });
});
