import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { socioeconomicFigure } from '../socioeconomic-figure.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { sdmxChecks } from './checks.ts';
import { sdmxConfig, type SdmxConfig } from './config.ts';
import { decodeSdmx } from './decode.ts';
import { messageFile, readDirectory, readService } from './read.ts';
import { sdmxTrouble } from './sdmx-trouble.ts';
import { askSdmx } from './service.ts';

/** Socio-economic figures in SDMX: ML 2.1 and 3.0, JSON 1.0 and 2.0, CSV 1.0 and 2.0, from files or SDMX-REST. */
export const sdmx: Connector<SdmxConfig> = {
  name: 'sdmx',
  version: '2.0.0',
  label: { vi: 'Số liệu thống kê SDMX', en: 'Statistics in SDMX' },
  description: {
    vi: 'Số liệu kinh tế - xã hội theo SDMX: tệp XML, JSON, CSV hoặc dịch vụ SDMX-REST 2.1, 3.0.',
    en: 'Socio-economic figures in SDMX: XML, JSON or CSV files, or an SDMX-REST 2.1 or 3.0 service.',
  },
  config: sdmxConfig,
  secrets: {},
  capabilities: {
    cursor: 'time',
    deletes: 'tombstone',
    completeness: 'end-marker',
    timeZone: 'UTC',
  },
  streams: () => [socioeconomicFigure('tombstone')],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: (context, request) =>
    isWebBase(context.config.base)
      ? readService(context, request)
      : readDirectory(context, request),
  decode: decodeSdmx,
  checks: sdmxChecks,
};

async function check(context: ReadContext<SdmxConfig>): Promise<Localized> {
  const { base, flows } = context.config;
  if (!isWebBase(base)) {
    const files = await context.files.list(base, messageFile);
    if (files.length === 0) throw sdmxTrouble('nothing-found', base);
    return { vi: `Tìm thấy ${files.length} tệp.`, en: `Found ${files.length} files.` };
  }
  const [first] = flows;
  const answer = first && (await askSdmx(context, first.path, {}));
  const bytes = answer?.piece.bytes.length ?? 0;
  return {
    vi: `Dịch vụ trả lời ${bytes} byte cho ${first?.name ?? ''}.`,
    en: `The service answers ${bytes} bytes for ${first?.name ?? ''}.`,
  };
}
