import { z } from 'zod';
import { fileTrouble } from '../../connectors/decode/decode-trouble.ts';
import { decodeCsv } from '../../connectors/decode/typed-csv.ts';
import { vietnamInstant } from '../../connectors/decode/vietnam-instant.ts';
import type {
  BatchCheck,
  Connector,
  ReadBatch,
  ReadContext,
  ReadRequest,
} from '../../connectors/port.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { dossierColumns } from './dossier-columns.ts';

const configShape = z.object({ directory: z.string(), file: z.string() });

const label: Localized = { vi: 'Hồ sơ (đo tốc độ)', en: 'Dossiers (bench)' };

const contract: StreamContract = {
  stream: 'bench_dossier',
  layer: 'staging',
  label,
  key: ['dossier_code'],
  subject: 'person',
  deletes: 'none',
  columns: dossierColumns.map(({ name, type, classification }) => ({
    name,
    type,
    label: { vi: name, en: name },
    classification,
  })),
};

const dueBeforeSubmission: BatchCheck = {
  code: 'due-before-submission',
  severity: 'warn',
  stream: contract.stream,
  label: { vi: 'Hẹn trả trước ngày nộp', en: 'Due before submission' },
  remedy: { vi: 'Hỏi lại đơn vị.', en: 'Ask the agency.' },
  sql: `select 'due_at' as field, dossier_code as value from decoded_bench_dossier
    where due_at < submitted_at limit 100`,
};

/** One CSV file of dossiers: an ordinary connector, decoded by the parts that the others use. */
export const dossierFile: Connector = {
  name: 'bench-dossiers',
  version: '1.0.0',
  label,
  description: label,
  config: configShape,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'none',
    completeness: 'end-marker',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [contract],
  allowed: (config) => [{ scheme: 'file', host: configShape.parse(config).directory }],
  check: () => Promise.resolve(label),
  read,
  decode,
  checks: [dueBeforeSubmission],
};

/** One batch, once a run. */
async function* read(
  context: ReadContext<JsonObject>,
  { position }: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const { files } = context;
  const { directory, file } = configShape.parse(context.config);
  for (const { name, path } of await files.list(directory, /\.csv$/)) {
    if (name !== file || name === position) continue;
    const batch = await context.openBatch(name);
    await batch.land({ name, bytes: files.open(path), mediaType: 'text/csv' });
    yield {
      batch: batch.id,
      key: name,
      streams: [contract.stream],
      cursor: null,
      position: name,
      completeness: { proof: 'end-marker' },
    };
  }
}

async function decode(session: DecodeSession): Promise<void> {
  const [file] = session.files;
  if (file === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const names = dossierColumns.map(({ name }) => name);
  await decodeCsv(session, file, {
    stream: contract.stream,
    required: names,
    table: {
      columns: dossierColumns.map(({ name, type }) => ({
        name,
        type,
        from: name,
        formats: ['%Y-%m-%d %H:%M:%S'],
        required: contract.key.includes(name),
      })),
      raw: `coalesce(_line, to_json(struct_pack(${names.map((name) => `${name} := ${name}`).join(', ')}))::varchar)`,
      publishedAt: vietnamInstant('updated_at'),
    },
  });
}
