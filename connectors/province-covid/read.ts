import { z } from 'zod';
import type { FileEntry } from '../../net/file-transport.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase } from '../source-base.ts';
import type { ProvinceCovidConfig } from './config.ts';
import { Portal } from './portal.ts';
import { provinceCovidTrouble } from './province-covid-trouble.ts';

const positionShape = z.object({ done: z.string() });

/** A batch: its key, and how its pieces are got. */
interface Part {
  readonly key: string;
  readonly streams: readonly string[];
  readonly proof: 'total' | 'digest';
  readonly pieces: () => AsyncIterable<LandedPiece>;
}

/**
 * Reads the whole on every run: the portal publishes corrections of years at any time. Of the portal, cases with deaths
 * and vaccinations are a batch each; of a directory, every file.
 */
export async function* readProvinces(
  context: ReadContext<ProvinceCovidConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const parts = isWebBase(context.config.base) ? portalParts(context) : fileParts(context);
  const done = positionShape.safeParse(request.position);
  const at = done.success ? parts.findIndex(({ key }) => key === done.data.done) : -1;
  for (const { key, streams, proof, pieces } of parts.slice(at + 1)) {
    const batch = await context.openBatch(key);
    for await (const piece of pieces()) {
      context.signal.throwIfAborted();
      await batch.land(piece);
    }
    const completeness = { proof, covers: streams };
    yield {
      batch: batch.id,
      key,
      streams,
      cursor: { done: key },
      position: { done: key },
      completeness,
    };
  }
}

function portalParts(context: ReadContext<ProvinceCovidConfig>): readonly Part[] {
  const portal = new Portal(context);
  async function* cases() {
    const { ids, piece } = await portal.provinces();
    yield piece;
    for (const id of ids) yield await portal.series('covid', id);
  }
  async function* vaccines() {
    for (const id of (await portal.provinces()).ids) yield await portal.series('vaccine', id);
  }
  const all: readonly Part[] = [
    {
      key: 'cases',
      streams: ['covid_province', 'covid_province_day'],
      proof: 'total',
      pieces: cases,
    },
    { key: 'vaccines', streams: ['covid_province_day'], proof: 'total', pieces: vaccines },
  ];
  return context.config.vaccines ? all : all.slice(0, 1);
}

function fileParts(context: ReadContext<ProvinceCovidConfig>): readonly Part[] {
  return context.config.files.map(({ file }) => ({
    key: file,
    streams: ['covid_province_day'],
    proof: 'digest',
    pieces: async function* () {
      const { path, bytes } = await wideFile(context, file);
      const request = { file, listedBytes: bytes };
      yield { name: file, bytes: context.files.open(path), mediaType: 'text/csv', request };
    },
  }));
}

/** A declared file of the directory. Throws data `file-not-found`. */
export async function wideFile(
  { config, files }: Pick<ReadContext<ProvinceCovidConfig>, 'config' | 'files'>,
  name: string,
): Promise<FileEntry> {
  const found = await files.list(config.base, /\.csv$/i);
  const entry = found.find((one) => one.name.normalize('NFC') === name.normalize('NFC'));
  if (entry === undefined) throw provinceCovidTrouble('file-not-found', name);
  return entry;
}
