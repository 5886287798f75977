import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { csvRows, type CsvRow } from './csv-rows.ts';
import { columnType } from './load-catalog.ts';

const localized = z.strictObject({ vi: z.string(), en: z.string() });

const sidecar = z.strictObject({
  stream: z.string(),
  file: z.string(),
  label: localized,
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      label: localized,
      classification: z.enum(['public', 'internal', 'personal', 'sensitive']),
      unit: z.string().optional(),
    }),
  ),
  key: z.array(z.string()).min(1),
  source: z.string(),
  licence: z.string(),
});

/** A dimension pack: a CSV file of ours, loaded as `dim.<stream>` with history. */
export interface DimensionPack {
  readonly contract: StreamContract;
  readonly label: Localized;
  /** Full path of the CSV file: UTF-8, comma, header row; empty fields are NULL. */
  readonly path: string;
  /** Where its rows come from. */
  readonly source: string;
  readonly licence: string;
}

/** The packs of a folder, by stream name. Throws fatal `dimension-invalid` naming the sidecar and its faults. */
export async function loadDimensions(directory: string): Promise<readonly DimensionPack[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map((name) => readPack(directory, name)));
}

/** All rows of a pack, as text: for calendars. Small packs only. */
export async function dimensionRows(pack: DimensionPack): Promise<readonly CsvRow[]> {
  return csvRows(await readFile(pack.path, 'utf8'));
}

async function readPack(directory: string, name: string): Promise<DimensionPack> {
  const result = sidecar.safeParse(parse(await readFile(path.join(directory, name), 'utf8')));
  if (!result.success) throw invalidPack(name, result.error.message);
  const { stream, file, label, key, source, licence } = result.data;
  const columns = result.data.columns.map(({ unit, type, ...column }) => ({
    ...column,
    type: columnType(type),
    ...(unit === undefined ? {} : { unit }),
  }));
  const contract: StreamContract = {
    stream,
    layer: 'dim',
    label,
    columns,
    key,
    deletes: 'absence',
  };
  return { contract, label, path: path.join(directory, file), source, licence };
}

function invalidPack(name: string, detail: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'dimension-invalid',
    message: {
      vi: `Mô tả bảng danh mục ${name} không hợp lệ: ${detail}`,
      en: `The dimension sidecar ${name} is not valid: ${detail}`,
    },
    remedy: { vi: 'Sửa tệp YAML đó.', en: 'Correct that YAML file.' },
    place: { file: name },
  });
}
