import type { StreamContract } from '../../core/stream-contract.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';

const batches = 4;

/** Loads batches of a source into a stream that others load too and into one of its own. */
export async function loadSource(warehouse: Warehouse, source: string): Promise<void> {
  const own: StreamContract = { ...visit, stream: `visit_${source}` };
  await warehouse.prepare([visit, own]);
  for (let n = 0; n < batches; n += 1)
    for (const contract of [visit, own]) {
      const { stream } = contract;
      const rows = Array.from({ length: 40 + n }, (_, at) => ({
        values: {
          code: `${source}${at}`,
          day: '2026-01-01',
          amount: String(at % 3 === 0 ? n : at),
          name: at % 5 === 0 ? null : `Người ${source}`,
        },
      }));
      const batch = batchOf(`${source}-${stream}-${n}`, [contract], { source });
      await warehouse.loading([stream], async () => {
        const staged = await warehouse.stage(batch, decodeRows({ [stream]: rows }, [contract]), []);
        await warehouse.publish(staged, await after(warehouse, `staging.${stream}`));
      });
    }
}

/** A time after the table's last, as the journal would give it. */
async function after(warehouse: Warehouse, key: string): Promise<Date> {
  const [last = '-'] = (await warehouse.version(key)).split('/');
  const before = last === '-' ? Date.UTC(2026, 0, 1) : Date.parse(last);
  return new Date(before + 1000);
}
