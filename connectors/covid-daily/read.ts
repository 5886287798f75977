import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { CovidDailyConfig } from './config.ts';
import { dailyFiles, type DailyFile } from './daily-files.ts';

/**
 * Reads every wanted day's file on every run, because old days are published again: one file is one batch, and equal
 * bytes cost nothing further on. Days without a file are fine at the end only.
 */
export async function* readDays(
  context: ReadContext<CovidDailyConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const missing: string[] = [];
  for (const file of (await dailyFiles(context)).filter(wanted(context.config, request))) {
    context.signal.throwIfAborted();
    const piece = await file.fetch();
    if (piece === undefined) {
      missing.push(file.day);
      continue;
    }
    if (missing.length > 0) throw dayMissing(context.source, missing);
    const batch = await context.openBatch(file.name);
    await batch.land(piece);
    yield batchOf(batch.id, file);
  }
}

function batchOf(batch: string, { name, day }: DailyFile): ReadBatch {
  return {
    batch,
    key: name,
    streams: ['covid_report'],
    cursor: { day },
    position: { day },
    completeness: { proof: 'digest', covers: ['covid_report'] },
  };
}

function wanted(config: CovidDailyConfig, request: ReadRequest): (file: DailyFile) => boolean {
  const from = [config.from ?? '', request.from ?? ''].sort().at(-1) ?? '';
  const to = [config.to ?? '9999', request.to ?? '9999'].sort()[0] ?? '';
  const done = positionDay(request.position);
  return ({ day }) => from <= day && day <= to && (done === undefined || day > done);
}

function positionDay(position: ReadRequest['position']): string | undefined {
  const read = z.object({ day: z.string() }).safeParse(position);
  return read.success ? read.data.day : undefined;
}

function dayMissing(source: string, days: readonly string[]): PhusaError {
  const list = days.slice(0, 5).join(', ');
  return new PhusaError({
    group: 'data',
    code: 'day-missing',
    message: {
      vi: `Thiếu tệp của ngày ${list} trong khi ngày sau đã có`,
      en: `There is no file for ${list} although a later day has one`,
    },
    remedy: {
      vi: 'Hỏi đơn vị cung cấp; hoặc đặt from sau khoảng trống.',
      en: 'Ask the provider; or set from to a day after the gap.',
    },
    place: { source, value: list },
  });
}
