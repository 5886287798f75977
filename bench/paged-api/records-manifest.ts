import { manifestConfig } from '../../connectors/manifest/config.ts';
import type { JsonObject } from '../../core/json.ts';
import { firstDay } from './records.ts';

const label = (text: string) => ({ vi: text, en: text });

/** The source as anybody would declare it: windows of some days, pages in them, a total in each answer. */
export function recordsManifest(url: string, pageSize: number, step = 'P10D'): JsonObject {
  const column = (name: string, type: string, classification: string) => ({
    name,
    type,
    label: label(name),
    classification,
  });
  return manifestConfig.parse({
    manifest: 1,
    name: 'bench-records',
    label: label('Records (bench)'),
    base: url,
    networks: ['127.0.0.1/32'],
    streams: [
      {
        stream: 'bench_record',
        label: label('Records (bench)'),
        request: {
          path: 'records',
          query: {
            from: '{{ window.from }}',
            to: '{{ window.to }}',
            offset: '{{ page.offset }}',
            limit: '{{ page.size }}',
          },
        },
        pagination: { kind: 'offset', size: pageSize },
        completeness: { proof: 'total', path: 'total' },
        incremental: {
          kind: 'time',
          start: firstDay,
          step,
          granularity: 'P1D',
          format: '%Y-%m-%d',
        },
        decoding: { format: 'json' },
        records: 'items',
        columns: [
          column('report_id', 'varchar', 'public'),
          column('ward_code', 'varchar', 'public'),
          column('subject', 'varchar', 'personal'),
          column('channel', 'varchar', 'public'),
          column('status', 'varchar', 'public'),
          column('fee', 'bigint', 'public'),
          column('reported_at', 'timestamptz', 'public'),
          column('updated_at', 'timestamptz', 'public'),
        ],
        key: ['report_id'],
        publishedAt: 'updated_at',
        subject: 'person',
      },
    ],
  });
}
