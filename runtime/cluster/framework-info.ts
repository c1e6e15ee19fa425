/** What a master refuses about a FrameworkInfo, in Mesos' words (traces 11, 13, 17a). Promises rules only. */
import type { FrameworkInfo } from '../kit/mesos-call.ts';
import { idMistake } from './identifier.ts';
import { rolesOf } from './ledger.ts';

/** The longest duration that Mesos can hold: 2^63 nanoseconds, in seconds. */
const LONGEST_SECONDS = 2 ** 63 / 1e9;

/** Why a framework cannot subscribe with this, or undefined. The refusal is an ERROR event on a stream of status 200. */
export function frameworkMistake(info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
  const multi = info.capabilities?.some((capability) => capability.type === 'MULTI_ROLE') ?? false;
  const roles = info.roles ?? [];
  if (!multi && roles.length > 0)
    return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
  if (multi && info.role !== undefined)
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  const twice = new Set(roles.filter((role, index) => roles.indexOf(role) !== index));
  if (twice.size > 0) return `'FrameworkInfo.roles' contains duplicate items: { ${[...twice].join(', ')} }`;
  for (const role of rolesOf(info)) {
    const mistake = roleMistake(role);
    if (mistake) return `'FrameworkInfo.${multi ? 'roles' : 'role'}' contains invalid role: ${mistake}`;
  }
  const foreign = suppressed.filter((role) => !rolesOf(info).includes(role));
  if (foreign.length > 0) return `Suppressed roles { ${foreign.join(', ')} } are not contained in the set of roles`;
  const timeout = info.failover_timeout ?? 0;
  if (timeout > LONGEST_SECONDS) return `The framework failover_timeout (${timeout.toExponential()}) is invalid`;
  // An empty id is none.
  return info.id?.value ? idMistake(info.id.value) : undefined;
}

function roleMistake(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role === '') return 'Empty role name is invalid';
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  for (const component of role.split('/')) {
    if (component === '.' || component === '..' || component === '*') {
      return `Role '${role}' cannot include '${component}' as a component`;
    }
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
    if (/[\s\b]/.test(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return undefined;
}
