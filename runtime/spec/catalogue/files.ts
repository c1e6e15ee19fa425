/** Mistakes of the files of a service and of its package. Promises one row a mistake. */
import { meant, row } from './row.ts';

export const fileMistakes = {
  NoSuchFile: row(
    'PKG001',
    (what: string) => `${what}`,
    () => 'name a folder with an svc.yml, or an svc.yml itself',
  ),
  NotText: row(
    'PKG002',
    (reason: string) => `this is not a text file: ${reason}`,
    () => 'save it as UTF-8 text',
  ),
  NotJson: row('PKG003', (what: string) => `this is not a JSON object: ${what}`),
  NoOptions: row(
    'PKG004',
    () => 'options were given, but the package has no universe/config.json',
    () => 'leave out --options, or add a config.json',
  ),
  BadOption: row(
    'PKG005',
    (path: string, rule: string, _near?: string) => `option ${path} ${rule}`,
    (_path, _rule, near) => meant(near),
  ),
  BadOptionsSchema: row('PKG006', (reason: string) => `this is not a JSON Schema: ${reason}`),
  NotAnApp: row('PKG007', (reason: string) => `this does not render to a Marathon app: ${reason}`),
  NoSuchTemplate: row(
    'SVC022',
    (path: string, reason: string) => `the template ${path} cannot be read: ${reason}`,
    () => 'put it into the folder of the svc.yml',
  ),
  OutsideFolder: row(
    'SVC022',
    (path: string) => `the template ${path} lies outside the folder of the svc.yml`,
    () => 'templates belong beside the svc.yml or below it',
  ),
  NeverSet: row(
    'SVC024',
    (name: string, _near?: string) => `nothing sets {{${name}}}: neither the package nor the environment`,
    (name, near) => (near ? `did you mean {{${near}}}?` : `add ${name} to the env of marathon.json.mustache`),
  ),
};
