import { createHash } from 'node:crypto';
import { allRows } from '../control/every-row.ts';
import type { StateRow } from '../control/port.ts';
import { driftText } from '../core/column-drift.ts';
import { asJson, optionalText, textList } from '../core/json-member.ts';
import { canonicalJson } from '../core/json.ts';
import type { DriftRule } from '../core/stream-contract.ts';
import { openChanges, type OpenChange } from '../workflows/activities/column-drift.ts';
import type { TellOwnersDependencies } from './tell-owners.ts';

/**
 * Tells the owners of sources whose columns changed, once for each set of changes: what changed, how many rows it is
 * about, what was done with them, and the command that takes it up. Gives the number of sources told of.
 */
export async function tellOfColumns(deps: TellOwnersDependencies): Promise<number> {
  const rows = await allRows(deps.store, 'source', { order: 'oldest' });
  let told = 0;
  for (const row of rows) told += (await tellOfSource(deps, row)) ? 1 : 0;
  return told;
}

async function tellOfSource(deps: TellOwnersDependencies, row: StateRow): Promise<boolean> {
  const changes = openChanges(row);
  if (row.status === 'removed' || changes.length === 0) return false;
  const signature = signatureOf(changes);
  if (optionalText(row.data, 'toldDrift') === signature) return false;
  const owners = textList(row.data, 'notify');
  const to = owners.length > 0 ? owners : await deps.others();
  if (to.length === 0) return false;
  const results = await deps.deliver({
    reference: `drift:${row.id}:${signature}`,
    to,
    subject: `[Phù Sa] Nguồn ${row.id}: cột dữ liệu thay đổi`,
    body: bodyOf(row, changes),
    files: [],
  });
  if (results.some(({ status }) => status === 'deferred')) return false;
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'source.told',
      subject: row.id,
      actor: 'system',
      data: { toldDrift: signature },
    }),
  );
  return true;
}

/** Equal for the same changes of the same batches, whoever reads them. */
function signatureOf(changes: readonly OpenChange[]): string {
  const text = canonicalJson({ changes: changes.map(asJson) });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const done: Readonly<Record<DriftRule, string>> = {
  accept: 'vẫn nhận',
  quarantine: 'đưa vào vùng cách ly',
  pause: 'giữ lại, nguồn tạm dừng chờ trả lời',
};

function bodyOf({ id, status }: StateRow, changes: readonly OpenChange[]): string {
  const lines = changes.map(
    (change) =>
      `- ${driftText(change).vi}: ${change.rows} trong ${change.of} dòng của lô ${change.batch}; ${done[change.rule]}.`,
  );
  return [
    `Nguồn dữ liệu: ${id} (${status === 'paused' ? 'đang tạm dừng' : 'đang chạy'})`,
    '',
    ...lines,
    '',
    'Chấp nhận thay đổi (thành phiên bản mới của nguồn) trên cổng, hoặc bằng lệnh:',
    `  phusa source adopt ${id}             (bỏ qua cột mới: thêm --ignore; nạp bù cột mới: thêm --back-fill)`,
    'Sau đó xử lý lại các dòng bị cách ly:',
    `  phusa quarantine replay --source ${id}`,
    'Nếu không chấp nhận: yêu cầu đơn vị cung cấp giữ cột như cũ, hoặc sửa cấu hình bằng phusa source edit.',
    '',
  ].join('\n');
}
