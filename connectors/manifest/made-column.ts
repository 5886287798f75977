import type { ManifestColumn } from './schema/column-schema.ts';

/** Whether a column is made of something else than a field of the record. */
export function isMade({ value, digest, receipt }: ManifestColumn): boolean {
  return value !== undefined || digest !== undefined || receipt !== undefined;
}
