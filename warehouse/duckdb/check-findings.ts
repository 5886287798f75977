import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { ResultTable } from '../port.ts';
import type { BatchCheckSql, CheckFinding } from '../staged-batch.ts';
import { wordsOf } from './engine-error.ts';
import { readTable } from './result-table.ts';

/** Violations that a finding counts and shows at most. */
const countLimit = 1000;
const sampleSize = 5;

/** Runs checks over temporary tables; gives one finding for each check that has violations. */
export async function runChecks(
  connection: DuckDBConnection,
  checks: readonly BatchCheckSql[],
): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const reasons = new Reasons(connection);
  for (const check of checks) {
    const finding = (await reasons.has(check)) ? await runCheck(connection, check) : undefined;
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

/**
 * Whether any check might find something in batches that were decoded together, asked by its `together`; checks without
 * one cannot tell.
 */
export async function anyTogether(
  connection: DuckDBConnection,
  checks: readonly BatchCheckSql[],
): Promise<boolean> {
  const asked = checks.filter(({ each }) => each === undefined);
  const questions = new Map(asked.map((check) => [check.together, check]));
  for (const [sql, check] of questions) {
    if (sql === undefined) return true;
    if ((await violations(connection, check, sql, 1)).length > 0) return true;
  }
  return false;
}

/** Findings of each batch among those decoded together, from the checks that can tell them apart (`each`). */
export async function findingsOfEach(
  connection: DuckDBConnection,
  checks: readonly BatchCheckSql[],
  batches: readonly string[],
): Promise<ReadonlyMap<string, readonly CheckFinding[]>> {
  const findings = new Map<string, CheckFinding[]>();
  const reasons = new Reasons(connection);
  for (const check of checks) {
    if (check.each === undefined || !(await reasons.has(check))) continue;
    const rows = await violations(connection, check, check.each, countLimit * batches.length);
    for (const batch of batches) {
      const own = rows.filter(([of]) => of === batch).map((row) => row.slice(1));
      if (own.length > 0) findings.set(batch, [...(findings.get(batch) ?? []), found(check, own)]);
    }
  }
  return findings;
}

/** Answers to the cheap questions before checks (`when`), each asked once. */
class Reasons {
  private readonly connection: DuckDBConnection;
  private readonly known = new Map<string, boolean>();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  /** Whether there is a reason to run a check. */
  async has(check: BatchCheckSql): Promise<boolean> {
    const { when } = check;
    if (when === undefined) return true;
    const known = this.known.get(when);
    if (known !== undefined) return known;
    const found = (await violations(this.connection, check, when, 1)).length > 0;
    this.known.set(when, found);
    return found;
  }
}

async function violations(
  connection: DuckDBConnection,
  check: BatchCheckSql,
  sql: string,
  limit: number,
): Promise<ResultTable['rows']> {
  try {
    return (await readTable(connection, `select * from (${bare(sql)}) limit ${limit}`)).rows;
  } catch (error) {
    throw checkBroken(check, error);
  }
}

async function runCheck(
  connection: DuckDBConnection,
  check: BatchCheckSql,
): Promise<CheckFinding | undefined> {
  const rows = await violations(connection, check, check.sql, countLimit);
  return rows.length === 0 ? undefined : found(check, rows);
}

function found(check: BatchCheckSql, rows: ResultTable['rows']): CheckFinding {
  const { code, severity, on, label, remedy } = check;
  const sample = rows.slice(0, sampleSize).map(([field = null, value = null]) => ({
    field: String(field ?? ''),
    value: String(value ?? ''),
  }));
  return { code, severity, on, label, remedy, count: rows.length, sample };
}

/** A statement without the semicolon that would end it too early inside parentheses. */
export function bare(sql: string): string {
  return `${sql.trim().replace(/;+\s*$/, '')}\n`;
}

function checkBroken(check: BatchCheckSql, cause: unknown): PhusaError {
  const words = wordsOf(cause);
  return new PhusaError({
    group: 'fatal',
    code: 'check-broken',
    message: {
      vi: `Phép kiểm tra ${check.code} trên ${check.on} không chạy được: ${words}`,
      en: `The check ${check.code} on ${check.on} cannot be run: ${words}`,
    },
    remedy: { vi: 'Sửa câu SQL của phép kiểm tra.', en: 'Correct the SQL of the check.' },
    place: { stream: check.on },
    cause,
  });
}
