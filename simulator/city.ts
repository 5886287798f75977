import type { AddressInfo } from 'node:net';
import { covidRoutes } from './covid/routes.ts';
import { createEpidemic } from './covid/epidemic.ts';
import { isoDay } from './days.ts';
import { createDossierIndex, type DossierIndex } from './dvc/dossier-index.ts';
import { createPager } from './dvc/paging.ts';
import { DVC_TOKEN_RULE, dvcRoutes } from './dvc/routes.ts';
import { createArchive } from './einvoice/archive.ts';
import { createInvoiceBook } from './einvoice/invoice-book.ts';
import { EINVOICE_TOKEN_RULE, einvoiceRoutes } from './einvoice/routes.ts';
import { createSellers } from './einvoice/sellers.ts';
import { createFaultBoard, type Fault } from './http/faults.ts';
import { json, type Handler } from './http/reply.ts';
import { createSimulatedServer, type LoggedRequest } from './http/server.ts';
import { createTokenDesk } from './http/tokens.ts';
import { horizonOf, type Horizon, type HorizonOptions } from './horizon.ts';
import { referenceRoutes } from './reference/routes.ts';

/** How to start a city; see the room's README. */
export type CityOptions = HorizonOptions & {
  /** 0 or absent: a free port. */
  readonly port?: number | undefined;
  readonly host?: '127.0.0.1' | undefined;
  readonly faults?: readonly Fault[] | undefined;
  /** Milliseconds; judges tokens and rate limits and stamps the log, never data. */
  readonly clock?: (() => number) | undefined;
};

/** A running city. */
export type City = {
  readonly url: string;
  /** Every request served so far, in order, but those to `/_…`. */
  requests(): readonly LoggedRequest[];
  close(): Promise<void>;
};

/** Starts the simulated city on loopback; RangeError for options it cannot serve. */
export async function startCity(options: CityOptions): Promise<City> {
  const horizon = horizonOf(options);
  const clock = options.clock ?? Date.now;
  const epidemic = createEpidemic(horizon.seed);
  const dossiers = once<DossierIndex>(() => createDossierIndex(horizon));
  const sellers = once(() => createSellers(horizon.seed, horizon.scale));
  const archive = once(() =>
    createArchive(horizon, sellers(), createInvoiceBook(horizon, sellers())),
  );
  const einvoiceTokens = createTokenDesk(EINVOICE_TOKEN_RULE, clock);
  const pager = once(() => createPager(horizon.seed, dossiers()));
  const dvcTokens = createTokenDesk(DVC_TOKEN_RULE, clock);
  const { server, requests } = createSimulatedServer({
    systems: [
      covidRoutes(horizon, epidemic),
      referenceRoutes(horizon.lastDay, sellers),
      einvoiceRoutes(archive, einvoiceTokens),
      dvcRoutes({ index: dossiers, pager, tokens: dvcTokens, clock }),
    ],
    control: cityCard(horizon),
    faults: createFaultBoard(options.faults),
    expireTokens: (path) => {
      if (path.startsWith('/dvc/')) dvcTokens.expireAll();
      if (path.startsWith('/einvoice/')) einvoiceTokens.expireAll();
    },
    clock,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String(portOf(server.address()))}`,
    requests: () => [...requests],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Computes a value when it is first asked for, and keeps it. */
function once<T>(compute: () => T): () => T {
  let value: { readonly kept: T } | undefined;
  return () => (value ??= { kept: compute() }).kept;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new RangeError('no port');
  return address.port;
}

function cityCard(horizon: Horizon): Handler {
  return ({ path }) =>
    path === '/_city'
      ? json({
          now: isoDay(horizon.lastDay),
          first_day: isoDay(horizon.firstDay),
          scale: horizon.scale,
          seed: horizon.seed,
          label: 'dữ liệu mô phỏng',
        })
      : undefined;
}
