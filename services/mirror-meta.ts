import { z } from 'zod';
import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, optionalText } from '../core/json-member.ts';
import type { MirrorColumn, Warehouse } from '../warehouse/port.ts';

type Cell = string | number | null;

const text = (name: string): MirrorColumn => ({ name, type: 'varchar' });
const count = (name: string): MirrorColumn => ({ name, type: 'bigint' });
const time = (name: string): MirrorColumn => ({ name, type: 'timestamptz' });

const oldest = { order: 'oldest' } as const;

/** Copies batches, runs and receipts from the control store into `meta.*`, so that queries can join them. */
export async function mirrorMeta(store: ControlStore, warehouse: Warehouse): Promise<void> {
  const batches = await allRows(store, 'batch', oldest);
  await warehouse.mirror('batches', batchColumns, batches.flatMap(batchRows));
  await warehouse.mirror('landing', landingColumns, batches.flatMap(landingRows));
  const runs = await allRows(store, 'run', oldest);
  await warehouse.mirror('runs', runColumns, runs.map(runRow));
}

const countNames = [
  'received',
  'new',
  'changed',
  'unchanged',
  'duplicate',
  'filtered',
  'quarantined',
  'deleted',
];

const batchColumns = [
  ...['batch', 'source', 'run', 'key', 'status', 'stream'].map(text),
  ...countNames.map(count),
  count('warnings'),
  time('landed_at'),
  time('recorded_at'),
];

function batchRows(row: StateRow): readonly (readonly Cell[])[] {
  const { data } = row;
  const head = [
    row.id,
    ...['source', 'run', 'key'].map((name) => optionalText(data, name) ?? null),
    row.status,
  ];
  const times = [row.createdAt, optionalText(data, 'recordedAt') ?? null];
  const counts = objectMember(data, 'counts');
  const streams = Object.keys(counts);
  if (streams.length === 0) return [[...head, null, ...countNames.map(() => null), null, ...times]];
  return streams.map((stream) => {
    const own = objectMember(counts, stream);
    return [
      ...head,
      stream,
      ...countNames.map((name) => Number(own[name] ?? 0)),
      warningsOn(row, stream),
      ...times,
    ];
  });
}

const keptFindings = z
  .array(
    z.looseObject({
      severity: z.string().optional(),
      on: z.string().optional(),
      count: z.number().optional(),
    }),
  )
  .default([]);

/** Violations that the checks of a published batch warned of. */
function warningsOn({ data }: StateRow, stream: string): number {
  return keptFindings
    .parse(data['findings'])
    .filter(({ severity, on }) => severity === 'warn' && on === stream)
    .reduce((sum, { count: violations = 0 }) => sum + violations, 0);
}

/** Files as `batch.landed` keeps them. */
const landedFiles = z
  .array(z.object({ n: z.number(), name: z.string(), sha256: z.string(), bytes: z.number() }))
  .default([]);

const landingColumns = [
  text('batch'),
  count('n'),
  text('name'),
  text('sha256'),
  count('bytes'),
  time('landed_at'),
];

function landingRows(row: StateRow): readonly (readonly Cell[])[] {
  return landedFiles
    .parse(row.data['files'])
    .map(({ n, name, sha256, bytes }) => [row.id, n, name, sha256, bytes, row.createdAt]);
}

const runColumns = [
  ...['run', 'source', 'status'].map(text),
  time('started_at'),
  time('finished_at'),
];

function runRow(row: StateRow): readonly Cell[] {
  const finished = row.status === 'running' ? null : row.updatedAt;
  return [row.id, optionalText(row.data, 'source') ?? null, row.status, row.createdAt, finished];
}
