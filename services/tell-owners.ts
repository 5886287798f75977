import { allRows } from '../control/every-row.ts';
import type { StateRow } from '../control/port.ts';
import { failureOf } from '../core/errors.ts';
import {
  objectMember,
  optionalLocalized,
  optionalText,
  textList,
  textMember,
} from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import { isAnswered, rejectedCount } from '../workflows/activities/replay-batch.ts';
import { pinnedSource } from '../workflows/activities/source-state.ts';
import { tableOf } from './hidden-columns.ts';
import { tellOfColumns } from './tell-of-columns.ts';
import type { Download } from './port.ts';
import { mostRows, rejectedSheet, type RejectedSheetDependencies } from './rejected-sheet.ts';

/** A mail to people about something that they should look at. */
export interface Notice {
  /** Names it in the delivery ledger: nobody is told twice. */
  readonly reference: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly files: readonly Download[];
}

/** Sends a notice to each recipient once, and says how each went. */
export type DeliverNotice = (
  notice: Notice,
) => Promise<readonly { readonly status: string; readonly recipient: string }[]>;

/** What telling owners works with. */
export interface TellOwnersDependencies extends RejectedSheetDependencies {
  readonly deliver: DeliverNotice;
  /** Who is told where a source names nobody; they do not own it, so they see personal values masked. */
  others(): Promise<readonly string[]>;
}

/** Batches looked at in one round; a source in great trouble is told of the rest in the next. */
const mostBatches = 20;

/**
 * Tells the owners of sources about batches that were held or have rejected rows, once each: how many, why, and the rows as
 * workbooks that can be corrected and sent back. What cannot be delivered is in the delivery ledger with its reason.
 */
export async function tellOwners(deps: TellOwnersDependencies): Promise<number> {
  const untold = (await troubled(deps)).filter(
    (row) => row.data['told'] === undefined && !isAnswered(row),
  );
  let told = 0;
  for (const row of untold.slice(0, mostBatches)) told += (await tellOwner(deps, row)) ? 1 : 0;
  return told + (await tellOfColumns(deps));
}

/** Batches that are held, and published ones with rejected rows. */
async function troubled({
  store,
  warehouse,
}: TellOwnersDependencies): Promise<readonly StateRow[]> {
  const held = await allRows(store, 'batch', { status: ['held'], order: 'oldest' });
  const { rows } = await warehouse.select(
    'select distinct batch from meta.quarantine where not held order by batch',
  );
  const published = await Promise.all(rows.map(([batch]) => store.get('batch', String(batch))));
  return [...held, ...published.filter((row) => row !== undefined)];
}

async function tellOwner(deps: TellOwnersDependencies, row: StateRow): Promise<boolean> {
  const source = await deps.store.get('source', textMember(row.data, 'source'));
  if (!source || source.status === 'removed') return false;
  const owners = textList(source.data, 'notify');
  const to = owners.length > 0 ? owners : await deps.others();
  if (to.length === 0) return false;
  const files = await sheets(deps, row, owners.length > 0);
  const results = await deps.deliver({
    reference: `quarantine:${row.id}`,
    to,
    subject: `[Phù Sa] Nguồn ${source.id}: ${row.status === 'held' ? 'lô bị giữ' : `${rejectedCount(row)} dòng bị loại`}`,
    body: bodyOf(source.id, row, files.length > 0),
    files,
  });
  if (results.some(({ status }) => status === 'deferred')) return false;
  const told = {
    to: results.map(({ recipient }) => recipient),
    status: results.map(({ status }) => status),
  };
  await deps.store.decide((journal) =>
    journal.record({ kind: 'batch.told', subject: row.id, actor: 'system', data: { told } }),
  );
  return true;
}

async function sheets(
  deps: TellOwnersDependencies,
  row: StateRow,
  owns: boolean,
): Promise<readonly Download[]> {
  const { connector, config } = await pinnedSource(deps, row);
  const counts = objectMember(row.data, 'counts');
  const files: Download[] = [];
  for (const contract of connector.streams(config)) {
    const rejected = Number(objectMember(counts, contract.stream)['quarantined'] ?? 0);
    if (rejected === 0) continue;
    const hidden = owns ? new Set<string>() : personalColumns(contract);
    try {
      files.push(await rejectedSheet(deps, row, contract.stream, hidden));
    } catch (error) {
      // Rows that wait for their parent are not corrected themselves: the mail goes without a sheet for them.
      if (failureOf(error).code !== 'nothing-rejected') throw error;
    }
  }
  return files;
}

function personalColumns(contract: StreamContract): ReadonlySet<string> {
  return new Set(
    contract.columns
      .filter(
        ({ classification }) => classification === 'personal' || classification === 'sensitive',
      )
      .map(({ name }) => `${tableOf(contract)}.${name}`),
  );
}

function mostRejected(counts: JsonObject): number {
  const each = Object.keys(counts).map((stream) =>
    Number(objectMember(counts, stream)['quarantined'] ?? 0),
  );
  return Math.max(0, ...each);
}

function bodyOf(source: string, row: StateRow, withSheets: boolean): string {
  const counts = objectMember(row.data, 'counts');
  const lines = Object.keys(counts).map((stream) => {
    const own = objectMember(counts, stream);
    return `- ${stream}: nhận ${Number(own['received'] ?? 0)} dòng, bị loại ${Number(own['quarantined'] ?? 0)} dòng`;
  });
  const reason = optionalLocalized(row.data, 'reason');
  return [
    `Nguồn dữ liệu: ${source}`,
    `Lô: ${optionalText(row.data, 'key') ?? ''} (${row.id})`,
    row.status === 'held'
      ? `Lô bị giữ, chưa công bố dòng nào. Lý do: ${reason?.vi ?? ''}`
      : 'Các dòng hợp lệ đã được công bố; các dòng bị loại đang ở vùng cách ly.',
    '',
    ...lines,
    '',
    ...(withSheets
      ? [
          ...(mostRejected(counts) > mostRows
            ? [
                `Quá nhiều dòng bị loại: bảng chỉ liệt kê ${mostRows} dòng đầu của mỗi luồng; nên sửa ở hệ thống nguồn hoặc sửa cấu hình nguồn.`,
              ]
            : []),
          'Bảng tính kèm theo liệt kê các dòng bị loại cùng lý do. Sửa ngay trong bảng (giữ nguyên dòng tiêu đề), rồi gửi lại trên cổng',
          `(Nguồn dữ liệu → ${source} → Dòng bị cách ly) hoặc bằng lệnh: phusa quarantine correct ${row.id} --file <bảng đã sửa>.xlsx`,
        ]
      : [
          'Sửa ở hệ thống nguồn rồi gửi lại, hoặc sửa cấu hình nguồn và chạy: phusa quarantine replay.',
        ]),
    '',
  ].join('\n');
}
