import type { DuckDBConnection } from '@duckdb/node-api';
import { crashPoint } from '../../core/crash-point.ts';
import { literal } from '../../core/sql-text.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { PublishedBatch } from '../port.ts';
import { columnNames, currentKey, provenance } from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { isFatal } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { growing } from './growing.ts';
import { assertRising, beforePublish, publishedBatch, recordBatches } from './ledger.ts';
import { notCommitted } from './publish-batch.ts';
import { columnList, instant, tableName } from './sql-text.ts';
import type { Receipt, Together } from './stage-together.ts';

/**
 * Publishes batches that were staged together in one transaction, each with its own recorded time and ledger row.
 * Their rows were all new when they were staged; undefined where another load came between, and nothing is published.
 */
export async function publishTogether(
  engine: Engine,
  together: Together,
  recordedAt: readonly Date[],
): Promise<readonly PublishedBatch[] | undefined> {
  const { decoded, staged, versions } = together;
  const keys = decoded.batch.contracts.map(currentKey);
  if (engine.publications.of(keys) !== versions) return undefined;
  const { connection } = decoded;
  await connection.run('begin transaction');
  try {
    await write(connection, together, recordedAt);
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
  await commit(engine, together);
  engine.publications.note(keys);
  crashPoint('after-commit');
  return staged.map(({ batch, counts }, at) => ({
    batch,
    counts,
    recordedAt: timeAt(recordedAt, at).toISOString(),
  }));
}

async function write(
  connection: DuckDBConnection,
  { decoded, staged, receipts }: Together,
  recordedAt: readonly Date[],
): Promise<void> {
  const assets = new Map(decoded.batch.contracts.map((c) => [c.stream, currentKey(c)]));
  const before = await beforePublish(connection, decoded.batch.batch, [...assets.values()]);
  assertRising(before, [...assets.values()], timeAt(recordedAt, 0));
  const times = new Map(staged.map(({ batch }, at) => [batch, timeAt(recordedAt, at)]));
  for (const contract of decoded.batch.contracts) {
    const rows = staged.reduce((sum, { counts }) => sum + (counts[contract.stream]?.new ?? 0), 0);
    const into = tableName(currentKey(contract));
    if (rows > 0)
      await growing(connection, into, rows, async () => {
        const { rowsChanged } = await connection.run(insertion(contract, into, receipts, times));
        return rowsChanged;
      });
  }
  const rows = staged.map((one, at) => ({ staged: one, recordedAt: timeAt(recordedAt, at) }));
  await recordBatches(connection, rows, assets);
  crashPoint('before-commit');
}

/** Looks receipts up by number: over a join the engine would insert with one thread (decision 0008). */
function insertion(
  contract: StreamContract,
  into: string,
  receipts: readonly Receipt[],
  times: ReadonlyMap<string, Date>,
): string {
  const columns = columnNames(contract);
  const byFile = (value: (receipt: Receipt) => string | number): string =>
    `([${receipts.map(value).join(', ')}])[d._file + 1]`;
  const recorded = ({ batch }: Receipt): string => {
    const time = times.get(batch);
    if (!time) throw new RangeError('a recorded time is missing');
    return instant(time);
  };
  return `insert into ${into}(${columnList([...columns, ...provenance])})
    select ${columnList(columns, 'd')}, ${byFile(({ batch }) => literal(batch))}, ${byFile(({ n }) => n)},
      d._row, ${byFile(recorded)}, d._published_at
    from ${decodedTable(contract.stream)} d`;
}

/** A COMMIT that raised may have been durable: the ledger decides, for all of them at once. */
async function commit(engine: Engine, { decoded, staged }: Together): Promise<void> {
  try {
    await decoded.connection.run('commit');
  } catch (error) {
    if (isFatal(error)) await engine.reopen(error);
    const last = staged.at(-1)?.batch ?? '';
    if (!(await engine.use((fresh) => publishedBatch(fresh, last))))
      throw notCommitted(decoded.batch, error);
    engine.options.log.warn('warehouse.commit-recovered', { batch: last });
  }
}

function timeAt(times: readonly Date[], at: number): Date {
  const time = times[at];
  if (!time) throw new RangeError('a recorded time is missing');
  return time;
}
