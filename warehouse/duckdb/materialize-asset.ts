import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../core/clock.ts';
import { PhusaError } from '../../core/errors.ts';
import type { MaterializeAsset } from '../port.ts';
import type { CheckFinding } from '../staged-batch.ts';
import { bare, runChecks } from './check-findings.ts';
import { type Content, contentOf } from './content-hash.ts';
import { recordMaterialization } from './ledger.ts';
import { tableName } from './sql-text.ts';

/**
 * Builds a derived asset in one transaction: the new table, its checks over `candidate`, its content hash and its
 * ledger row. Until COMMIT readers see the old table; a blocking check rolls everything back (data `check-failed`).
 */
export async function materializeAsset(
  connection: DuckDBConnection,
  asset: MaterializeAsset,
  clock: Clock,
): Promise<Content> {
  await connection.run('begin transaction');
  try {
    const content = await build(connection, asset);
    const { key, sqlSha256, inputs } = asset;
    await recordMaterialization(connection, {
      key,
      sqlSha256,
      inputs,
      contentSha256: content.sha256,
      rows: content.rows,
      builtAt: clock.now().toISOString(),
    });
    await connection.run('drop view temp.main.candidate; commit');
    return content;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function build(connection: DuckDBConnection, asset: MaterializeAsset): Promise<Content> {
  const table = tableName(asset.key);
  await connection.run(`create or replace table ${table} as ${bare(asset.sql)}`);
  await connection.run(`create or replace temp view candidate as select * from ${table}`);
  const findings = await runChecks(connection, asset.checks);
  const blocking = findings.filter((finding) => finding.severity === 'block');
  if (blocking.length > 0) throw checkFailed(asset.key, blocking);
  return await contentOf(connection, asset.key);
}

/** The error of an asset whose rows failed blocking checks. */
export function checkFailed(key: string, findings: readonly CheckFinding[]): PhusaError {
  const list = (language: 'vi' | 'en') =>
    findings.map((f) => `${f.label[language]} (${f.code}: ${f.count})`).join('; ');
  const [first] = findings;
  const sample = first?.sample[0];
  return new PhusaError({
    group: 'data',
    code: 'check-failed',
    message: {
      vi: `Bảng ${key} không qua kiểm tra, bản cũ vẫn giữ nguyên: ${list('vi')}`,
      en: `Table ${key} failed its checks, the old one stays: ${list('en')}`,
    },
    ...(first === undefined ? {} : { remedy: first.remedy }),
    place: { stream: key, ...(sample ?? {}) },
  });
}
