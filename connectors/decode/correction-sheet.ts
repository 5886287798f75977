import type { JsonObject } from '../../core/json.ts';
import type { ColumnContract } from '../../core/stream-contract.ts';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';

/**
 * The workbook of rejected rows that goes to the owner of a source and comes back corrected. One sheet for a stream; a
 * heading is words with the name in brackets, `Ngày khám [day]`, so that it is found by name wherever it stands.
 */
export const sheetHead = [
  { name: '_batch', label: 'Lô' },
  { name: '_stream', label: 'Luồng' },
  { name: '_file', label: 'Tệp số' },
  { name: '_row', label: 'Dòng' },
  { name: '_reason', label: 'Lý do' },
  { name: '_field', label: 'Trường sai' },
  { name: '_value', label: 'Giá trị sai' },
] as const;

/** Stands in a cell for a value that the recipient may not see; sent back, the value stays as it was. */
export const hiddenValue = '***';

/** The heading of a column of the stream. */
export function headingOf({ name, label }: Pick<ColumnContract, 'name' | 'label'>): string {
  return `${label.vi} [${name}]`;
}

/** The heading of a column that says which row it is. */
export function headHeading({ name, label }: (typeof sheetHead)[number]): string {
  return `${label} [${name}]`;
}

const mark = 'corrects';

/** A corrected workbook as it is landed: it says which batches' rows it corrects. */
export function markCorrection(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  batches: readonly string[],
): LandedPiece {
  const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return { name, bytes, mediaType, request: { [mark]: batches } };
}

/** Whether a landed file is a corrected workbook and not what the source sent. */
export function isCorrection({ request }: Pick<LandedFile, 'request'>): boolean {
  return request !== undefined && Array.isArray(request[mark]);
}

/** Batches whose rows a landed workbook corrects. */
export function correctedBatches({ request = {} }: { readonly request: JsonObject | undefined }) {
  const batches = request[mark];
  return Array.isArray(batches) ? batches.filter((one) => typeof one === 'string') : [];
}
