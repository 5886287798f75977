import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { covidChecks } from './checks.ts';
import { covidDailyConfig, type CovidDailyConfig } from './config.ts';
import { dailyFiles } from './daily-files.ts';
import { decodeDays } from './decode.ts';
import { readDays } from './read.ts';
import { covidReport } from './streams.ts';

/** COVID-19 daily reports in the layout of Johns Hopkins CSSE: one CSV file a day with cumulative figures. */
export const covidDaily: Connector<CovidDailyConfig> = {
  name: 'covid-daily',
  version: '1.0.0',
  label: { vi: 'Báo cáo COVID-19 hằng ngày', en: 'COVID-19 daily reports' },
  description: {
    vi: 'Mỗi ngày một tệp CSV số liệu lũy kế theo địa phương (bố cục JHU), từ thư mục hoặc địa chỉ HTTP.',
    en: 'One CSV file a day with cumulative figures by place (JHU layout), from a directory or an HTTP address.',
  },
  config: covidDailyConfig,
  secrets: {},
  capabilities: { cursor: 'file', deletes: 'absence', completeness: 'digest', timeZone: 'UTC' },
  streams: () => [covidReport],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readDays,
  decode: decodeDays,
  decodesTogether: true,
  checks: covidChecks,
};

async function check(context: ReadContext<CovidDailyConfig>): Promise<Localized> {
  const files = await dailyFiles(context);
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) throw nothingFound(context.config);
  return {
    vi: `Tìm thấy ${files.length} ngày, từ ${first.day} đến ${last.day}.`,
    en: `Found ${files.length} days, from ${first.day} to ${last.day}.`,
  };
}

function nothingFound({ base, fileName }: CovidDailyConfig): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'nothing-found',
    message: {
      vi: `Không có tệp nào theo mẫu ${fileName} tại ${base}`,
      en: `No file named like ${fileName} at ${base}`,
    },
    remedy: { vi: 'Kiểm tra base và fileName.', en: 'Check base and fileName.' },
    place: { field: 'base', value: base },
  });
}
