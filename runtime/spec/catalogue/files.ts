/** Mistakes of the files of a service and of its package. Promises one row a mistake. */
import { row } from './row.ts';

export const fileMistakes = {
  NoSuchFile: row(
    'PKG001',
    (what: string) => what,
    () => 'name a folder with an svc.yml, or an svc.yml itself',
  ),
  NoSuchPart: row(
    'PKG001',
    (what: string, _remedy: string) => what,
    (_what, remedy) => remedy,
  ),
  TooLargePart: row(
    'PKG002',
    () => 'the file is larger than 1 MiB',
    () => 'a file of a package needs a few kilobytes',
  ),
  NotText: row(
    'PKG002',
    (reason: string) => `this is not a text file: ${reason}`,
    () => 'save it as UTF-8 text',
  ),
  NotJson: row(
    'PKG003',
    (what: string) => `this is not a JSON object: ${what}`,
    () => 'write { ... } with names and texts in double quotes, and no comma behind the last entry',
  ),
  NoOptions: row(
    'PKG004',
    () => 'options were given, but the package has no universe/config.json',
    () => 'leave out --options, or add a config.json',
  ),
  BadOption: row(
    'PKG005',
    (path: string, rule: string, _remedy?: string) => `option ${path} ${rule}`,
    (_path, _rule, remedy) => remedy,
  ),
  BadOptionsSchema: row(
    'PKG006',
    (reason: string) => `this is not a JSON Schema: ${reason}`,
    () => 'write a schema of draft 4, with every option below properties',
  ),
  NotAnApp: row(
    'PKG007',
    (reason: string, _remedy: string) => `this does not render to a Marathon app: ${reason}`,
    (_reason, remedy) => remedy,
  ),
  BadPackageField: row(
    'PKG008',
    (path: string, rule: string, _remedy?: string) => `${path} ${rule}`,
    (_path, _rule, remedy) => remedy,
  ),
  NoPackageFile: row(
    'PKG009',
    (what: string) => what,
    () => 'a package is a folder universe/ with package.json, config.json, marathon.json.mustache and resource.json',
  ),
  PackagedTwice: row(
    'PKG010',
    (name: string) => `the package ${name} is there twice`,
    () => 'name each package once',
  ),
  NoPartOfPackage: row(
    'PKG011',
    (name: string) => `${name} is no part of a package and is left out`,
    () => 'move it elsewhere',
  ),
  NoSuchOption: row(
    'PKG012',
    (name: string, file: string, _near?: string) => `{{${name}}} is always empty: ${file} has nothing of that name`,
    (name, file, near) => (near ? `did you mean {{${near}}}?` : `add ${name} to ${file}`),
  ),
  UnusedOption: row(
    'PKG013',
    (name: string) => `option ${name} has no effect: marathon.json.mustache does not use it`,
    (name) => `use {{${name}}} there, or remove the option`,
  ),
  UnusedVariable: row(
    'PKG014',
    (name: string) => `the package sets ${name}, but no template uses it`,
    (name) => `use {{${name}}} in svc.yml, or remove it here; for all tasks set TASKCFG_ALL_${name}`,
  ),
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
  GivenForNothing: row(
    'SVC026',
    (name: string, _near?: string) => `-e ${name} changes nothing: no template asks for it`,
    (name, near) => (near ? `did you mean ${near}?` : `for all tasks give TASKCFG_ALL_${name}`),
  ),
};
