import { PhusaError } from '../../core/errors.ts';
import type { StagedBatch } from '../staged-batch.ts';

/** The error of a batch whose staged rows went with the connection that held them. */
export function stagedLost(staged: StagedBatch): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'staged-lost',
    message: {
      vi: `Dữ liệu tạm của lô ${staged.batch} không còn (kho đã được mở lại)`,
      en: `The staged rows of batch ${staged.batch} are gone (the warehouse was reopened)`,
    },
    remedy: {
      vi: 'Giải mã lại lô từ dữ liệu đã tiếp nhận.',
      en: 'Decode the batch again from landing.',
    },
    place: { batch: staged.batch, source: staged.source },
  });
}
