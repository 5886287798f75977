import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  headHeading,
  headingOf,
  hiddenValue,
  sheetHead,
} from '../connectors/decode/correction-sheet.ts';
import { findReason } from '../connectors/decode/reasons.ts';
import type { StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { literal, quoted } from '../core/sql-text.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import { dataWorkbook } from '../render/bulk/data-workbook.ts';
import type { DecodeSession } from '../warehouse/decode-session.ts';
import { batchRef } from '../workflows/activities/batch-ref.ts';
import { decodeLanded } from '../workflows/activities/decode-landed.ts';
import { decodedBatch } from '../workflows/activities/load-batch.ts';
import { pinnedSource } from '../workflows/activities/source-state.ts';
import { timeOrderedId } from '../workflows/embedded/host.ts';
import { tableOf } from './hidden-columns.ts';
import type { Download } from './port.ts';
import type { ReplayDependencies } from './replay-quarantine.ts';

/** What making a workbook of rejected rows works with. */
export type RejectedSheetDependencies = ReplayDependencies;

/** Rows that a workbook holds at most: more are corrected at the source, not by hand. */
export const mostRows = 10_000;

/**
 * The rejected rows of one stream of a batch as a workbook that can be corrected and sent back: what could be read of
 * each row, the rejected value as it was received, and why. Columns of `hidden` (`layer.stream.column`) show `***`.
 * Throws data `nothing-rejected`.
 */
export async function rejectedSheet(
  deps: RejectedSheetDependencies,
  row: StateRow,
  stream: string,
  hidden: ReadonlySet<string>,
): Promise<Download> {
  const source = await pinnedSource(deps, row);
  const contract = source.connector.streams(source.config).find((one) => one.stream === stream);
  const ref = batchRef(row);
  const batch = await decodedBatch(deps, source, ref, row);
  let rows: readonly Texts[] = [];
  const decode = async (session: DecodeSession) => {
    await decodeLanded(source, session);
    if (contract && ref.streams.includes(stream)) rows = await rejectedRows(session, contract);
  };
  const looked = { ...batch, batch: timeOrderedId('reading', deps.clock.now()) };
  await deps.warehouse.discard(await deps.warehouse.stage(looked, decode, []));
  if (!contract || rows.length === 0) throw nothingRejected(row.id, stream);
  return await write(deps, row.id, contract, rows, hidden);
}

type Texts = Readonly<Record<string, string | null>>;

async function rejectedRows(
  session: DecodeSession,
  { stream, columns }: StreamContract,
): Promise<readonly Texts[]> {
  const values = columns.map(
    ({ name }) =>
      `if(_field is not distinct from ${literal(name)}, _value, ${quoted(name)}::varchar) as ${quoted(name)}`,
  );
  return await session.rows(`select _file, _row, _reason, _field, _value, ${values.join(', ')}
    from decoded_${stream} where _status = 'quarantined' order by _file, _row limit ${mostRows}`);
}

async function write(
  deps: RejectedSheetDependencies,
  batch: string,
  contract: StreamContract,
  rows: readonly Texts[],
  hidden: ReadonlySet<string>,
): Promise<Download> {
  const { stream, columns } = contract;
  const isHidden = (name: string) => hidden.has(`${tableOf(contract)}.${name}`);
  const fixed: Texts = { _batch: batch, _stream: stream };
  const texts = (name: string) =>
    rows.map((row) => {
      const value = fixed[name] ?? row[name] ?? null;
      if (name === '_reason') return value === null ? null : reasonText(value);
      const masked = name === '_value' ? isHidden(row['_field'] ?? '') : isHidden(name);
      return masked && value !== null ? hiddenValue : value;
    });
  const named = [
    ...sheetHead.map((head) => ({ name: head.name, heading: headHeading(head) })),
    ...columns.map((column) => ({ name: column.name, heading: headingOf(column) })),
  ];
  const file = dataWorkbook(
    named.map(({ heading }) => ({ name: heading, type: 'text' })),
    once(named.map(({ name }) => texts(name))),
    { sheet: stream },
  );
  const path = join(await deps.scratchDirectory(), `${stream}.xlsx`);
  await pipeline(Readable.from(file.bytes), createWriteStream(path));
  return {
    name: `dong-bi-cach-ly_${stream}_${batch}.xlsx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    path,
  };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value);
}

function reasonText(code: string): string {
  const label = findReason(code)?.label.vi;
  return label === undefined ? code : `${label} (${code})`;
}

function nothingRejected(batch: string, stream: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'nothing-rejected',
    message: {
      vi: `Lô ${batch} không có dòng bị cách ly nào của luồng ${stream} có thể sửa bằng bảng tính.`,
      en: `Batch ${batch} has no rejected rows of stream ${stream} that can be corrected in a sheet.`,
    },
    place: { batch, stream },
  });
}
