import type { LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { CheckFinding, DecodedBatch } from '../staged-batch.ts';

/** Share of quarantined rows above which a batch is held, unless its contract says another. */
const defaultHoldAbove = 0.2;

/** Below this many rows the default share says nothing: one bad row of three is 33 %. */
const shareNeedsRows = 5;

/** Why a stream's counts hold the batch: declared rows missing, too many bad rows, or an empty "complete" table. */
export function holdFindings(
  batch: DecodedBatch,
  contract: StreamContract,
  counts: LoadCounts,
): readonly CheckFinding[] {
  const found = [
    declaredMismatch(batch, contract, counts),
    quarantinedShare(contract, counts) ?? quarantinedRows(contract, counts),
    emptySnapshot(batch, contract, counts),
  ];
  return found.filter((finding) => finding !== undefined);
}

function declaredMismatch(
  batch: DecodedBatch,
  contract: StreamContract,
  counts: LoadCounts,
): CheckFinding | undefined {
  const declared = batch.declared[contract.stream];
  if (declared === undefined || declared === counts.received) return undefined;
  return {
    code: 'declared-mismatch',
    severity: 'block',
    on: contract.stream,
    label: {
      vi: `Nguồn khai ${declared} bản ghi, giải mã được ${counts.received}`,
      en: `The source declared ${declared} records, ${counts.received} were decoded`,
    },
    remedy: {
      vi: 'Đọc lại nguồn; nếu vẫn lệch, báo đơn vị cung cấp.',
      en: 'Read the source again; if they still differ, tell the agency that provides it.',
    },
    count: Math.abs(declared - counts.received),
    sample: [{ field: 'declared', value: String(declared) }],
  };
}

function quarantinedShare(
  contract: StreamContract,
  { received, quarantined }: LoadCounts,
): CheckFinding | undefined {
  if (contract.holdAbove === undefined && received < shareNeedsRows) return undefined;
  const limit = contract.holdAbove ?? defaultHoldAbove;
  if (quarantined <= limit * received) return undefined;
  return {
    code: 'quarantine-share',
    severity: 'block',
    on: contract.stream,
    label: {
      vi: `${quarantined} trong ${received} bản ghi bị cách ly, quá ngưỡng ${limit * 100} %`,
      en: `${quarantined} of ${received} records are quarantined, above the limit of ${limit * 100} %`,
    },
    remedy: {
      vi: 'Xem lý do trong vùng cách ly; sửa nguồn hoặc ánh xạ rồi chạy lại.',
      en: 'Look at the reasons in quarantine; correct the source or the mapping and replay.',
    },
    count: quarantined,
    sample: [{ field: 'quarantined', value: String(quarantined) }],
  };
}

function quarantinedRows(
  contract: StreamContract,
  { received, quarantined }: LoadCounts,
): CheckFinding | undefined {
  const limit = contract.holdAboveRows;
  if (limit === undefined || quarantined <= limit) return undefined;
  return {
    code: 'quarantine-rows',
    severity: 'block',
    on: contract.stream,
    label: {
      vi: `${quarantined} trong ${received} bản ghi bị cách ly, quá ngưỡng ${limit} bản ghi`,
      en: `${quarantined} of ${received} records are quarantined, above the limit of ${limit} records`,
    },
    remedy: {
      vi: 'Xem lý do trong vùng cách ly; sửa nguồn hoặc ánh xạ rồi chạy lại.',
      en: 'Look at the reasons in quarantine; correct the source or the mapping and replay.',
    },
    count: quarantined,
    sample: [{ field: 'quarantined', value: String(quarantined) }],
  };
}

/** No good row in what is claimed to be the whole table would delete everything. */
function emptySnapshot(
  batch: DecodedBatch,
  contract: StreamContract,
  counts: LoadCounts,
): CheckFinding | undefined {
  if (counts.received > counts.quarantined || counts.deleted === 0) return undefined;
  if (!batch.covers.includes(contract.stream)) return undefined;
  return {
    code: 'empty-snapshot',
    severity: 'block',
    on: contract.stream,
    label: {
      vi: `Lô không có bản ghi tốt nào nhưng nhận là đủ toàn bộ: sẽ xoá ${counts.deleted} bản ghi`,
      en: `The batch has no good row but claims to be complete: it would delete ${counts.deleted} records`,
    },
    remedy: {
      vi: 'Kiểm tra nguồn; nếu bảng thật sự rỗng, xoá bằng quyết định riêng.',
      en: 'Check the source; if the table is truly empty, remove its rows by a decision of its own.',
    },
    count: counts.deleted,
    sample: [{ field: 'deleted', value: String(counts.deleted) }],
  };
}
