import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { DecodedBatch } from '../../warehouse/staged-batch.ts';

const label = { vi: 'dữ liệu thử', en: 'test data' };

/** A small contract: key `code`, partition `day`, one amount, one personal name. */
export const visit: StreamContract = {
  stream: 'visit',
  layer: 'staging',
  label,
  key: ['code'],
  deletes: 'none',
  columns: [
    { name: 'code', type: 'varchar', label, classification: 'public' },
    { name: 'day', type: 'date', label, classification: 'public' },
    { name: 'amount', type: 'decimal(18,2)', label, classification: 'public', unit: 'VND' },
    { name: 'name', type: 'varchar', label, classification: 'personal' },
  ],
};

/** A child of {@link visit}. */
export const visitLine: StreamContract = {
  stream: 'visit_line',
  layer: 'staging',
  label,
  key: ['code', 'line'],
  parent: 'visit',
  deletes: 'none',
  columns: [
    { name: 'code', type: 'varchar', label, classification: 'public' },
    { name: 'line', type: 'integer', label, classification: 'public' },
    { name: 'price', type: 'bigint', label, classification: 'public', unit: 'VND' },
  ],
};

/** One decoded row: values by column, and bookkeeping where it matters. */
export interface DecodedRow {
  readonly values: Readonly<Record<string, string | null>>;
  readonly publishedAt?: string;
  readonly status?: 'filtered' | 'quarantined' | 'deleted';
  readonly reason?: string;
}

/** A batch with nothing declared; override what a test is about. */
export function batchOf(
  batch: string,
  contracts: readonly StreamContract[],
  changes: Partial<DecodedBatch> = {},
): DecodedBatch {
  return {
    batch,
    source: 'test',
    key: batch,
    contracts,
    files: [],
    cursor: { at: batch },
    declared: {},
    covers: [],
    ...changes,
  };
}

/** A decode step that leaves the given rows, in file 0, numbered from 1. */
export function decodeRows(
  rows: Readonly<Record<string, readonly DecodedRow[]>>,
  contracts: readonly StreamContract[],
): (session: DecodeSession) => Promise<void> {
  return async (session) => {
    for (const contract of contracts) {
      await leaveRows(session, contract, rows[contract.stream] ?? []);
    }
  };
}

async function leaveRows(
  session: DecodeSession,
  contract: StreamContract,
  rows: readonly DecodedRow[],
): Promise<void> {
  const names = contract.columns.map((column) => column.name);
  const texts = [...names, 'published', 'status', 'reason'];
  const raw = `raw_${contract.stream}`;
  const appender = await session.appendTo(raw, [
    { name: 'n', type: 'bigint' },
    ...texts.map((name) => ({ name, type: 'varchar' }) as const),
  ]);
  await appender.append([
    rows.map((_, index) => index + 1),
    ...names.map((name) => rows.map((row) => row.values[name] ?? null)),
    rows.map((row) => row.publishedAt ?? null),
    rows.map((row) => row.status ?? null),
    rows.map((row) => row.reason ?? null),
  ]);
  await appender.close();
  const casts = contract.columns.map(({ name, type }) => `"${name}"::${type} as "${name}"`);
  await session.run(`create temp table decoded_${contract.stream} as
    select ${casts.join(', ')}, 0::integer as _file, n as _row, published::timestamptz as _published_at,
      status as _status, reason as _reason, null::varchar as _field, null::varchar as _value,
      case when status = 'quarantined' then '{}' end as _raw
    from ${raw}`);
}
