/** Logging: JSON lines for machines, readable lines on a terminal. Promises a constant message and consistent keys per event. */
import { type Logger, pino } from 'pino';

export type { Logger };

/** Writes to stderr, so that what a command prints on stdout stays clean. */
export async function createLogger(options: { level?: string; readable?: boolean } = {}): Promise<Logger> {
  const { level = 'info', readable = process.stderr.isTTY === true } = options;
  const base = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  // Names of levels instead of pino's numbers; its pretty printer wants the numbers.
  const formatters = { level: (label: string) => ({ level: label }) };
  if (!readable) return pino({ ...base, formatters }, pino.destination({ dest: 2, sync: true }));
  // A terminal waits for it gladly; a scheduler below a supervisor starts without.
  const { default: pretty } = await import('pino-pretty');
  return pino(base, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' }));
}
