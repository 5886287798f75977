import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import type { EinvoiceConfig } from './config.ts';
import { einvoiceConfig } from './config.ts';
import { decodeFiles } from './decode-files.ts';
import { decodePortal } from './decode-portal.ts';
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
  streams: ({ url, portalStates }) =>
    url !== undefined && portalStates ? [...fileStreams, ...portalStreams] : fileStreams,
  allowed,
  check,
  read: (context, request) => {
    const { directory, url } = context.config;
    return url === undefined
      ? readDirectory(context, request, directory ?? '')
      : readService(context, request, url);
  },
  decode: (session) =>
    session.streams.some((name) => portalStreams.some(({ stream }) => stream === name))
      ? decodePortal(session)
      : decodeFiles(session, parsers),
  checks: einvoiceChecks,
};

function allowed({ directory, url }: EinvoiceConfig): readonly AllowedOrigin[] {
  if (url === undefined) return [{ scheme: 'file', host: directory ?? '' }];
  const { protocol, hostname, port, pathname } = new URL(url);
  return [
    {
      scheme: protocol === 'https:' ? 'https' : 'http',
      host: hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      pathPrefix: pathname,
    },
  ];
}

async function check(context: ReadContext<EinvoiceConfig>): Promise<Localized> {
  const { directory, url } = context.config;
  const count =
    url === undefined
      ? (await context.files.list(directory ?? '', invoiceFile)).length
      : (await new SharingService(context, url).index(undefined)).length;
  return { vi: `Tìm thấy ${count} tệp hóa đơn.`, en: `Found ${count} invoice files.` };
}
