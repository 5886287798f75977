import { z } from 'zod';
import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { dhis2Config, type Dhis2Config } from './config.ts';
import { decodeDhis2 } from './decode.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';
import { exportFile, readDirectory } from './read-directory.ts';
import { readService } from './read-service.ts';
import { Dhis2Service } from './service.ts';
import { fileStreams, healthAnalytics } from './streams.ts';

/** Reported health figures of a DHIS2 server, or of the files it exports (JSON, CSV, dxf2, ADX). */
export const dhis2: Connector<Dhis2Config> = {
  name: 'dhis2',
  version: '1.0.0',
  label: { vi: 'Báo cáo y tế (DHIS2)', en: 'Health reporting (DHIS2)' },
  description: {
    vi: 'Số liệu báo cáo, danh mục và số liệu tổng hợp của DHIS2: API, hoặc tệp JSON, CSV, XML (dxf2), ADX.',
    en: 'Data values, metadata and analytics of DHIS2: its API, or files in JSON, CSV, XML (dxf2) and ADX.',
  },
  config: dhis2Config,
  secrets: {
    password: {
      vi: 'Mật khẩu hoặc mã truy cập cá nhân (máy chủ)',
      en: 'Password or personal access token (server)',
    },
  },
  capabilities: {
    cursor: 'time',
    deletes: 'tombstone',
    completeness: 'end-marker',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: ({ base }) => (isWebBase(base) ? [...fileStreams, healthAnalytics] : fileStreams),
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: (context, request) =>
    isWebBase(context.config.base)
      ? readService(context, request)
      : readDirectory(context, request),
  decode: decodeDhis2,
  checks: [],
};

async function check(context: ReadContext<Dhis2Config>): Promise<Localized> {
  const { base } = context.config;
  if (isWebBase(base)) {
    const { body } = await new Dhis2Service(context).get('system/info.json');
    const read = z.object({ version: z.string() }).safeParse(body);
    const version = read.success ? read.data.version : '?';
    return { vi: `Đăng nhập được; DHIS2 ${version}.`, en: `Signed in; DHIS2 ${version}.` };
  }
  const files = await context.files.list(base, exportFile);
  if (files.length === 0) throw dhis2Trouble('nothing-found', base);
  return { vi: `Tìm thấy ${files.length} tệp.`, en: `Found ${files.length} files.` };
}
