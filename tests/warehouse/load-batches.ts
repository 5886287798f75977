import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import { warehouseOptions } from './open-test-warehouse.ts';

const contract = { ...visit, deletes: 'absence', partition: ['day'] } as const;

/**
 * Loads batches one after the other into the warehouse of a directory, skipping those the ledger holds; gives the hash
 * of what it then holds. A crash point may end it.
 */
export async function loadBatches(directory: string, batches: number): Promise<string> {
  const warehouse = await openDuckdbWarehouse(warehouseOptions(directory));
  await warehouse.prepare([contract]);
  for (let n = 0; n < batches; n += 1) await loadBatch(warehouse, n);
  const content = {
    current: await warehouse.contentHash('staging.visit'),
    history: await warehouse.contentHash('history.visit'),
    ledger: await warehouse.ledger(),
  };
  await warehouse.close();
  return JSON.stringify(content);
}

async function loadBatch(warehouse: Warehouse, n: number): Promise<void> {
  const batch = batchOf(`batch-${n}`, [contract], { covers: ['visit'] });
  if ((await warehouse.published(batch.batch)) !== undefined) return;
  const rows = Array.from({ length: 50 }, (_, i) => ({
    values: {
      code: `c${(i * (n + 1)) % 60}`,
      day: `2026-01-0${1 + (i % 2)}`,
      amount: `${(i + n) % 7}`,
      name: i % 5 === 0 ? null : `Người ${i}`,
    },
  }));
  const staged = await warehouse.stage(batch, decodeRows({ visit: rows }, [contract]), []);
  await warehouse.publish(staged, new Date(Date.UTC(2026, 0, 1, 0, n)));
}
