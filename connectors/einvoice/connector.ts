import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import type { EinvoiceConfig } from './config.ts';
import { einvoiceConfig } from './config.ts';
import { decodeFiles, threadsFrom } from './decode-files.ts';
import { decodePortal } from './decode-portal.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { einvoiceChecks } from './checks.ts';
import type { Parsers } from './parser-pool.ts';
import { ownThread, workerParsers } from './parser-pool.ts';
import { invoiceFile, readDirectory } from './read-directory.ts';
import { readService } from './read-service.ts';
import { SharingService } from './sharing-service.ts';
import { fileStreams, portalStreams } from './streams.ts';

/** Parser threads: as many as cores that a small server has. */
const threads = 2;

/** Threads need compiled modules: Node 20 runs no TypeScript. */
const parsers: Parsers = import.meta.url.endsWith('.ts')
  ? ownThread
  : workerParsers(threads, new URL('./parse-worker.js', import.meta.url));

/** Electronic invoices: XML files, zips, TDiep envelopes, 400 summaries, and states at the portal. */
export const einvoice: Connector<EinvoiceConfig> = {
  name: 'einvoice',
  version: '1.0.0',
  label: { vi: 'Hóa đơn điện tử', en: 'E-invoices' },
  description: {
    vi: 'Hóa đơn điện tử dạng XML (tệp đơn, zip, thông điệp TDiep, bảng tổng hợp 400) và trạng thái trên Cổng.',
    en: 'XML e-invoices (single files, zips, TDiep envelopes, 400 summaries) and their states at the portal.',
  },
  config: einvoiceConfig,
  secrets: {
    client_secret: { vi: 'Bí mật truy cập dịch vụ', en: 'Client secret of the service' },
  },
  capabilities: {
    cursor: 'time',
    deletes: 'none',
    completeness: 'end-marker',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: ({ base, portalStates }) =>
    isWebBase(base) && portalStates ? [...fileStreams, ...portalStreams] : fileStreams,
  allowed: ({ base, networks }) => originsOf(base, networks),
  decodesTogether: true,
  check,
  read: (context, request) =>
    isWebBase(context.config.base)
      ? readService(context, request)
      : readDirectory(context, request, expectLarge),
  decode: (session) =>
    session.streams.some((name) => portalStreams.some(({ stream }) => stream === name))
      ? decodePortal(session)
      : decodeFiles(session, parsers),
  checks: einvoiceChecks,
};

/** Threads start while the first file that needs them is landed. */
function expectLarge(bytes: number): void {
  if (bytes >= threadsFrom) parsers.expect();
}

async function check(context: ReadContext<EinvoiceConfig>): Promise<Localized> {
  const { base } = context.config;
  const count = isWebBase(base)
    ? (await new SharingService(context).index(undefined)).length
    : (await context.files.list(base, invoiceFile)).length;
  return { vi: `Tìm thấy ${count} tệp hóa đơn.`, en: `Found ${count} invoice files.` };
}
