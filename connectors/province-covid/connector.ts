import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { provinceChecks } from './checks.ts';
import { provinceCovidConfig, type ProvinceCovidConfig } from './config.ts';
import { decodeProvinces } from './decode.ts';
import { Portal } from './portal.ts';
import { readProvinces, wideFile } from './read.ts';
import { provinceDay, provinceList } from './streams.ts';

/** COVID-19 by province of the national portal: cases, deaths and vaccinations by day. */
export const provinceCovid: Connector<ProvinceCovidConfig> = {
  name: 'province-covid',
  version: '1.0.0',
  label: { vi: 'COVID-19 theo tỉnh (cổng quốc gia)', en: 'COVID-19 by province (national portal)' },
  description: {
    vi: 'Ca mắc, tử vong, số tiêm theo tỉnh và ngày: API của cổng, hoặc tệp CSV ngang tải từ đó; số báo dồn được đánh dấu.',
    en: 'Cases, deaths and vaccinations by province and day: the API of the portal, or wide CSV files; bulk reports are marked.',
  },
  config: provinceCovidConfig,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [provinceList, provinceDay],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readProvinces,
  decode: decodeProvinces,
  checks: provinceChecks,
};

async function check(
  context: Omit<ReadContext<ProvinceCovidConfig>, 'openBatch'>,
): Promise<Localized> {
  if (isWebBase(context.config.base)) {
    const { ids } = await new Portal(context).provinces();
    return { vi: `Cổng có ${ids.length} tỉnh.`, en: `The portal has ${ids.length} provinces.` };
  }
  const { files } = context.config;
  for (const { file } of files) await wideFile(context, file);
  return { vi: `Có đủ ${files.length} tệp.`, en: `All ${files.length} files are there.` };
}
