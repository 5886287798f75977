import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import type { DecodedBatch } from '../../warehouse/staged-batch.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';

const contract = { ...visit, deletes: 'absence', partition: ['day'] } as const;

/**
 * Loads batches one after the other into a warehouse, then three together where the engine can, skipping those the ledger
 * holds; gives the hash of what it then holds, and closes it. A crash point may end it.
 */
export async function loadBatches(warehouse: Warehouse, batches: number): Promise<string> {
  await warehouse.prepare([contract]);
  for (let n = 0; n < batches; n += 1) await loadBatch(warehouse, n);
  await loadGroup(warehouse, batches);
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

/** Three batches of days of their own, published by one transaction where the engine loads batches together. */
async function loadGroup(warehouse: Warehouse, after: number): Promise<void> {
  const days = [3, 4, 5];
  const batches = days.map((day) =>
    batchOf(`group-${day}`, [contract], { covers: ['visit'], files: [fileOf(day)] }),
  );
  const held = await Promise.all(batches.map(({ batch }) => warehouse.published(batch)));
  if (held.every((one) => one !== undefined)) return;
  const rows = days.map((day) => ({
    values: { code: `g${day}`, day: `2026-01-0${day}`, amount: '1', name: null },
  }));
  const decode = async (session: DecodeSession): Promise<void> => {
    await decodeRows({ visit: rows }, [contract])(session);
    await session.run('update decoded_visit set _file = _row - 1');
  };
  const staged = await warehouse.stageTogether(batches, decode, []);
  if (!staged) {
    for (const [n, day] of days.entries()) await loadDay(warehouse, batches[n], day, after);
    return;
  }
  if (held.some((one) => one !== undefined)) throw new Error('part of a group was published');
  const times = days.map((day) => new Date(Date.UTC(2026, 0, 1, 1, after + day)));
  if (!(await warehouse.publishTogether(staged, times))) throw new Error('not published');
}

async function loadDay(
  warehouse: Warehouse,
  batch: DecodedBatch | undefined,
  day: number,
  after: number,
): Promise<void> {
  if (!batch || (await warehouse.published(batch.batch))) return;
  const row = { values: { code: `g${day}`, day: `2026-01-0${day}`, amount: '1', name: null } };
  const staged = await warehouse.stage(batch, decodeRows({ visit: [row] }, [contract]), []);
  await warehouse.publish(staged, new Date(Date.UTC(2026, 0, 1, 1, after + day)));
}

function fileOf(day: number): LandedFile {
  const name = `${day}.csv`;
  const receivedAt = '2026-01-10T00:00:00Z';
  return {
    n: 0,
    name,
    path: name,
    sha256: '',
    bytes: 0,
    mediaType: undefined,
    request: undefined,
    receivedAt,
  };
}
