/**
 * The Mesos role in which a service reserves (svc-yml 7.3): its own, or that of the group that Marathon runs its scheduler in.
 * Promises the same role for the same name and environment; never one that nobody can reserve in.
 */
import { Mistake } from './catalogue.ts';
import { roleOf, slashEscaped } from './names.ts';
import type { Finding } from './problem.ts';

export type Role = { readonly ok: true; readonly role: string } | { readonly ok: false; readonly finding: Finding };

/** Roles of apps that belong to no group of their own. */
const NO_GROUP = new Set(['', '*', 'slave_public']);

export function serviceRole(name: string, env: Readonly<Record<string, string>>): Role {
  const group = own(env, 'MESOS_ALLOCATION_ROLE');
  const enforced = /^\s*[ty1]/i.test(own(env, 'MARATHON_APP_ENFORCE_GROUP_ROLE'));
  if (enforced && (group === '' || group === '*')) {
    return {
      ok: false,
      finding: Mistake.BadSetting('MESOS_ALLOCATION_ROLE', "the role of the scheduler's group", `"${group}"`),
    };
  }
  return { ok: true, role: enforced || !NO_GROUP.has(group) ? slashEscaped(group) : roleOf(name) };
}

function own(env: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '') : '';
}
