import { manifestConfig } from '../../../connectors/manifest/config.ts';
import { recordsManifest } from '../../../bench/paged-api/records-manifest.ts';
import type { JsonObject } from '../../../core/json.ts';

/** Stream of the large file. */
export const fileStream = 'large_file';

/** Stream of the large API. */
export const pagedStream = 'bench_record';

/** A paged API, its windows of so many days. */
export function pagedSource(url: string, pageSize: number, step: string): JsonObject {
  return recordsManifest(url, pageSize, step);
}

/** One CSV file in a directory. */
export function fileSource(directory: string): JsonObject {
  const label = { vi: 'Tệp lớn (giả lập)', en: 'Large file (simulated)' };
  const column = (name: string, type: string) => ({
    name,
    type,
    label: { vi: name, en: name },
    classification: 'internal',
  });
  return manifestConfig.parse({
    manifest: 1,
    name: 'large-file',
    label,
    base: directory,
    streams: [
      {
        stream: fileStream,
        label,
        files: String.raw`\.csv$`,
        decoding: { format: 'csv' },
        columns: [
          column('dossier_code', 'varchar'),
          column('procedure_code', 'varchar'),
          column('ward_code', 'varchar'),
          column('channel', 'varchar'),
          column('fee', 'bigint'),
          column('submitted_at', 'timestamp'),
          column('note', 'varchar'),
        ],
        key: ['dossier_code'],
      },
    ],
  });
}
