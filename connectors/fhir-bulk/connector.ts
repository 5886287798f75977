import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { BulkServer } from './bulk-server.ts';
import { fhirConfig, isServer, type FhirConfig } from './config.ts';
import { decodeFhir } from './decode.ts';
import { fhirTrouble } from './fhir-trouble.ts';
import { exportFile, readDirectory } from './read-directory.ts';
import { readServer } from './read-server.ts';
import { fhirStreams } from './streams.ts';

/** Health resources in bulk: FHIR R4 `$export` of a server, or the NDJSON files that one gave. */
export const fhirBulk: Connector<FhirConfig> = {
  name: 'fhir-bulk',
  version: '1.0.0',
  label: { vi: 'Dữ liệu y tế FHIR (kết xuất hàng loạt)', en: 'FHIR health data (bulk export)' },
  description: {
    vi: 'Tài nguyên FHIR R4 qua $export (bất đồng bộ, theo lần thay đổi, có xóa), hoặc thư mục tệp NDJSON.',
    en: 'FHIR R4 resources by $export (asynchronous, incremental, with deletions), or a directory of NDJSON files.',
  },
  config: fhirConfig,
  secrets: {
    token: { vi: 'Mã truy cập (đăng nhập bearer)', en: 'Access token (bearer)' },
    private_key: {
      vi: 'Khóa riêng dạng PEM (đăng nhập SMART)',
      en: 'Private key in PEM (SMART backend services)',
    },
  },
  capabilities: {
    cursor: 'time',
    deletes: 'tombstone',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: fhirStreams,
  allowed,
  check,
  read: (context, request) =>
    isServer(context.config) ? readServer(context, request) : readDirectory(context, request),
  decode: decodeFhir,
  checks: [],
};

function allowed({
  base,
  networks,
  signIn,
  fileOrigins,
}: FhirConfig): ReturnType<typeof originsOf> {
  const { tokenUrl } = signIn.kind === 'smart' ? signIn : {};
  const others = [...fileOrigins, ...(tokenUrl === undefined ? [] : [tokenUrl])];
  return [base, ...others].flatMap((one) => originsOf(one, networks));
}

async function check(context: ReadContext<FhirConfig>): Promise<Localized> {
  if (isServer(context.config)) {
    const version = await new BulkServer(context).capability();
    return { vi: `Kết nối được; FHIR ${version}.`, en: `Connected; FHIR ${version}.` };
  }
  const files = await context.files.list(context.config.base, exportFile);
  if (files.length === 0) throw fhirTrouble('nothing-found', context.config.base);
  return { vi: `Tìm thấy ${files.length} tệp.`, en: `Found ${files.length} files.` };
}
