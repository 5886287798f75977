import type { Localized } from '../../core/localized.ts';
import type { Connector } from '../port.ts';
import { isWebBase } from '../source-base.ts';
import { adoptChange } from './adopt-change.ts';
import { manifestConfig } from './config.ts';
import { decodeManifest } from './decode.ts';
import { inferColumns } from './infer.ts';
import { manifestOrigins } from './origins.ts';
import { countFiles, baseOf } from './read-directory.ts';
import { readManifest } from './read.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import { manifestStreams } from './streams.ts';
import { tryOut } from './try-out.ts';

/** Any system that a manifest describes: no code of its own. */
export const manifest: Connector<Manifest> = {
  name: 'manifest',
  version: '1.0.0',
  label: { vi: 'Nguồn khai báo (manifest)', en: 'Declared source (manifest)' },
  description: {
    vi: 'Đọc một hệ thống theo tệp khai báo YAML: yêu cầu, xác thực, phân trang, tăng dần, giải mã, ánh xạ cột.',
    en: 'Reads a system by a YAML manifest: requests, authentication, paging, increments, decoding, columns.',
  },
  config: manifestConfig,
  secrets: {},
  capabilities: {
    cursor: 'time',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: manifestStreams,
  incremental: ({ streams }) =>
    streams.filter(({ incremental }) => incremental !== undefined).map(({ stream }) => stream),
  allowed: manifestOrigins,
  check,
  read: readManifest,
  decode: decodeManifest,
  followsDrift: true,
  adopt: adoptChange,
  infer: inferColumns,
  samplesPieces: true,
  checks: [],
};

async function check(context: Parameters<Connector<Manifest>['check']>[0]): Promise<Localized> {
  if (isWebBase(baseOf(context.config))) return await tryOut(context);
  const files = await countFiles(context);
  return { vi: `Tìm thấy ${files} tệp.`, en: `Found ${files} files.` };
}
