/**
 * Holds the variables of a template against those that are set. Promises each name once; never says that one is unused which the
 * scheduler itself reads or passes on to tasks.
 */
import { Mistake } from './catalogue.ts';
import { suggester } from './nearest.ts';
import { locatorOf, type Problem } from './problem.ts';
import type { SourceFile } from './source.ts';
import { tagsOf } from './template.ts';

export interface VariableReport {
  /** Where the template first asks for a name that nothing sets, in hidden sections too. */
  readonly neverSet: readonly Problem[];
  /** Names that the package sets for nobody, sorted. */
  readonly neverUsed: readonly string[];
}

/** `packaged`: the names that the package sets. `given`: those that are set beside it. */
export function variableReport(
  template: SourceFile,
  packaged: Iterable<string>,
  given: Iterable<string> = [],
): VariableReport {
  const [ofPackage, set] = [[...new Set(packaged)], new Set([...packaged, ...given])];
  const names = [...set];
  const locate = locatorOf(template);
  const suggest = suggester();
  const used = new Map(
    tagsOf(template.text)
      .reverse()
      .map(({ name, span }) => [name, span]),
  );
  const neverSet = [...used]
    .filter(([name]) => !set.has(name))
    .sort(([, a], [, b]) => a.from - b.from)
    .map(([name, span]) => locate(Mistake.NeverSet(name, suggest(name, names)), span));
  const neverUsed = ofPackage.filter((name) => !used.has(name) && !isRead(name)).sort();
  return { neverSet, neverUsed };
}

/** What the scheduler reads by itself (svc-yml 7.2), or what Mesos and DC/OS read around it. */
const READ = new Set([
  'ALLOW_REGION_AWARENESS',
  'API_HOST',
  'API_HOSTS',
  'API_SERVER_TIMEOUT_S',
  'API_TLS_CERT_FILE',
  'API_TLS_CLIENT_CA_FILE',
  'API_TLS_KEY_FILE',
  'API_TOKENS_FILE',
  'AUTH_TOKEN_REFRESH_THRESHOLD_S',
  'BOOTSTRAP_URI',
  'DISABLE_DEADLOCK_EXIT',
  'DISABLE_STATE_CACHE',
  'DISABLE_SUPPRESS',
  'ENABLE_BACKOFF',
  'ENABLE_ROLE_MIGRATION',
  'FRAMEWORK_BACKOFF_FACTOR',
  'FRAMEWORK_INITIAL_BACKOFF',
  'FRAMEWORK_LOG_LEVEL',
  'FRAMEWORK_MAX_LAUNCH_DELAY',
  'FRAMEWORK_ZOOKEEPER',
  'IMPLICIT_RECONCILIATION_DELAY_MS',
  'IMPLICIT_RECONCILIATION_PERIOD_MS',
  'JAVA_HOME',
  'JAVA_URI',
  'LIBMESOS_URI',
  'LIBPROCESS_IP',
  'LOG_LEVEL',
  'PAUSE_OVERRIDE_CMD',
  'PORT_API',
  'RESERVE_DISCIPLINE',
  'SDK_UNINSTALL',
  'SERVICE_REGION',
  'SERVICE_REMOVAL_TIMEOUT_S',
  'SERVICE_TLD',
  'TASK_TMP_VOLUME',
  'TEMPLATE_LENIENT',
  'UNINSTALL_TIMEOUT_S',
  'USE_LEGACY_KILL_UNNEEDED_TASKS',
  'VIP_TLD',
]);

const READ_FAMILY = /^(TASKCFG|DCOS|EXECUTOR|GLOG|MAINSTAY|MARATHON|MESOS|PACKAGE|STATSD)_/;

function isRead(name: string): boolean {
  return READ.has(name) || READ_FAMILY.test(name);
}
