import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from '../../connectors/decode/typed-csv.ts';
import { vietnamInstant } from '../../connectors/decode/vietnam-instant.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { StagedBatch } from '../../warehouse/staged-batch.ts';
import { batchOf, visit } from '../harness/simple-stream.ts';
import { openTestWarehouse, type TestWarehouse } from './open-test-warehouse.ts';

/** A line of the file; the long name makes files worth remembering. */
interface Line {
  readonly code: number;
  readonly amount: string;
  readonly published: number;
  readonly spelling: 'plain' | 'quoted' | 'blanks' | 'short' | 'two-lines';
}

const line: fc.Arbitrary<Line> = fc.record({
  code: fc.integer({ min: 0, max: 12 }),
  amount: fc.constantFrom('1', '2', '3', 'x', ''),
  published: fc.integer({ min: 0, max: 2 }),
  spelling: fc.oneof(
    { weight: 12, arbitrary: fc.constant('plain' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('quoted' as const, 'blanks' as const, 'short' as const),
    },
    { weight: 1, arbitrary: fc.constant('two-lines' as const) },
  ),
});

/** What happens between decoding a batch and publishing it. */
const order = fc.constantFrom('alone', 'decoded-before', 'staged-before');

const steady: readonly Line[] = Array.from({ length: 95 }, (_, n) => ({
  code: n % 3 === 0 ? n % 10 : n + 100,
  amount: '1',
  published: 0,
  spelling: 'plain',
}));

const long = 'Nguyễn Văn '.repeat(900);

function textOf({ code, amount, published, spelling }: Line): string {
  const day = published === 0 ? '' : `2026-01-0${published} 08:00:00`;
  const name = `${long}${code}`;
  if (spelling === 'short') return `c${code},2026-01-01,${amount}`;
  if (spelling === 'quoted') return `"c${code}",2026-01-01,${amount},"${name}",${day}`;
  if (spelling === 'blanks') return ` c${code},2026-01-01, ${amount},${name} ,${day}`;
  if (spelling === 'two-lines') return `c${code},2026-01-01,${amount},"${name}\nc1",${day}`;
  return `c${code},2026-01-01,${amount},${name},${day}`;
}

function decoding(stream: string, remembering: boolean, used: { known: number }) {
  return async (session: DecodeSession): Promise<void> => {
    const [file] = session.files;
    if (file === undefined) throw new RangeError('no file');
    const seen: DecodeSession = remembering
      ? session
      : { ...session, fingerprints: () => Promise.resolve(undefined) };
    await decodeCsv(seen, file, {
      stream,
      required: ['code'],
      table: {
        columns: [
          { name: 'code', type: 'varchar', from: 'code', required: true },
          { name: 'day', type: 'date', from: 'day', formats: ['%Y-%m-%d'] },
          { name: 'amount', type: 'decimal(18,2)', from: 'amount' },
          { name: 'name', type: 'varchar', from: 'name' },
          {
            name: 'published',
            type: 'timestamp',
            from: 'published',
            formats: ['%Y-%m-%d %H:%M:%S'],
          },
        ],
        raw: `coalesce(_line, to_json([code, day, amount, published])::varchar)`,
        publishedAt: vietnamInstant('published'),
      },
    });
    const [known] = await session.rows(
      `select coalesce(sum(estimated_size), 0)::varchar as n from duckdb_tables() where table_name = 'known_${stream}'`,
    );
    used.known += Number(known?.['n'] ?? 0);
  };
}

function landed(directory: string, name: string, lines: readonly Line[]): LandedFile {
  const path = join(directory, 'landing', name);
  mkdirSync(join(directory, 'landing'), { recursive: true });
  writeFileSync(path, `code,day,amount,name,published\n${lines.map(textOf).join('\n')}\n`);
  const bytes = statSync(path).size;
  const receivedAt = '2026-11-22T00:00:00Z';
  return {
    n: 0,
    name,
    path,
    sha256: '',
    bytes,
    mediaType: undefined,
    request: undefined,
    receivedAt,
  };
}

/** The check sees all rows of the batch, made or not. */
const checkOn = (stream: string) =>
  ({
    code: 'looked-at',
    severity: 'warn',
    on: stream,
    label: { vi: 'xem', en: 'look' },
    remedy: { vi: 'xem', en: 'look' },
    sql: `select 'all' as field, count(*) || ' ' || count(amount) || ' ' || sum(_row) as value from decoded_${stream}`,
  }) as const;

/** Loads files one after the other into a stream of its own; gives all that can be seen of it. */
async function load(
  { warehouse, directory }: TestWarehouse,
  stream: string,
  files: readonly { readonly lines: readonly Line[]; readonly order: string }[],
  remembering: boolean,
): Promise<{ readonly seen: unknown; readonly known: number }> {
  const contract: StreamContract = {
    ...visit,
    stream,
    holdAbove: 1,
    columns: [
      ...visit.columns,
      { name: 'published', type: 'timestamp', label: visit.label, classification: 'public' },
    ],
  };
  await warehouse.prepare([contract]);
  const used = { known: 0 };
  const decode = decoding(stream, remembering, used);
  const batches = files.map(({ lines }, n) =>
    batchOf(`${stream}-${n}`, [contract], { files: [landed(directory, `${stream}-${n}`, lines)] }),
  );
  const staged: StagedBatch[] = [];
  const stage = async (n: number): Promise<void> => {
    const batch = batches[n];
    if (batch && !staged[n]) staged[n] = await warehouse.stage(batch, decode, [checkOn(stream)]);
  };
  const told: unknown[] = [];
  for (const n of batches.keys()) {
    await stage(n);
    const next = batches[n + 1];
    if (files[n]?.order === 'staged-before') await stage(n + 1);
    if (files[n]?.order === 'decoded-before' && next) await warehouse.decode(next, decode);
    const mine = staged[n];
    if (!mine) throw new RangeError('not staged');
    const { counts } = await warehouse.publish(mine, new Date(Date.UTC(2026, 0, 1, 0, n)));
    told.push(counts[stream], mine.findings);
  }
  const rows = async (sql: string) => (await warehouse.select(sql)).rows;
  const row = 'code, day, amount, md5(name), published, _file, _row, _recorded_from, _published_at';
  const seen = JSON.stringify([
    told,
    await rows(`select ${row}, _batch from staging.${stream} order by all`),
    await rows(`select ${row}, _recorded_to, _batch from history.${stream} order by all`),
    await rows(
      `select batch, row, reason, field, value, md5(raw) from meta.quarantine where stream = '${stream}' order by all`,
    ),
  ]);
  return { seen: JSON.parse(seen.replaceAll(stream, 's')), known: used.known };
}

describe('rows that are known', () => {
  it('come out as if they had been made: counts, current rows, history, quarantine, findings', async () => {
    const opened = await openTestWarehouse({ threads: 1 });
    let run = 0;
    let known = 0;
    const file = fc.record({ lines: fc.array(line, { maxLength: 10 }), order });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 2, maxLength: 4 }), async (changes) => {
        run += 1;
        const files = changes.map(({ lines, order }) => ({
          lines: [...steady.slice(0, 60), ...lines, ...steady.slice(60)],
          order,
        }));
        const fast = await load(opened, `fast${run}`, files, true);
        const plain = await load(opened, `plain${run}`, files, false);
        expect(fast.seen).toEqual(plain.seen);
        expect(plain.known).toBe(0);
        known += fast.known;
      }),
      { numRuns: 20, seed: 20_261_122 },
    );
    expect(known).toBeGreaterThan(1000);
    await opened.remove();
  }, 180_000);
});
