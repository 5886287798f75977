/**
 * Moments of a load at which the tests kill the process, in order: C01 bytes fetched; C02 written to the temporary
 * file, before fsync; C03 renamed into place; C04 rows being staged; C05 checks done; C06 before COMMIT; C07 after it.
 */
export type CrashPoint =
  | 'after-fetch'
  | 'raw-written'
  | 'raw-renamed'
  | 'staging'
  | 'audited'
  | 'before-commit'
  | 'after-commit';

const passed = new Map<CrashPoint, number>();

/**
 * Kills this process with SIGKILL when the environment says `CRASH_AT=<name>`, or `CRASH_AT=<name>:<k>` at the k-th
 * passing. Does nothing otherwise. Names on standard error where it died, so that a test's log shows the point.
 */
export function crashPoint(name: CrashPoint): void {
  const wanted = process.env['CRASH_AT'];
  if (wanted === undefined) return;
  const times = (passed.get(name) ?? 0) + 1;
  passed.set(name, times);
  const [point, k = '1'] = wanted.split(':');
  if (point === name && times === Number(k)) die(name);
}

function die(name: CrashPoint): void {
  process.stderr.write(`crash point ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
}
