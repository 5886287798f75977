import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { claimChecks } from './checks.ts';
import { claimsTrouble } from './claims-trouble.ts';
import { claimsConfig, type ClaimsConfig } from './config.ts';
import { decodeClaims } from './decode.ts';
import { packageFile, readClaims } from './read.ts';
import { claimStreams } from './streams.ts';

/** Health-insurance claim packages (QĐ 130/2023, 4750/2024, 3176/2024). */
export const insuranceClaims: Connector<ClaimsConfig> = {
  name: 'insurance-claims',
  version: '1.0.1',
  label: { vi: 'Hồ sơ thanh toán bảo hiểm y tế', en: 'Health-insurance claims' },
  description: {
    vi: 'Gói hồ sơ BHYT (XML1–XML15 theo QĐ 4750 và 3176, bảng XML0 check-in), tệp đơn hoặc zip.',
    en: 'Claim packages (tables XML1–XML15 of decisions 4750 and 3176, check-ins XML0), single files or zips.',
  },
  config: claimsConfig,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'absence',
    completeness: 'recount',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => claimStreams,
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readClaims,
  decode: decodeClaims,
  checks: claimChecks,
};

async function check({ files, config }: ReadContext<ClaimsConfig>): Promise<Localized> {
  const found = await files.list(config.base, packageFile);
  if (found.length === 0) throw claimsTrouble('nothing-found', config.base);
  return {
    vi: `Tìm thấy ${found.length} tệp gói.`,
    en: `Found ${found.length} package files.`,
  };
}
