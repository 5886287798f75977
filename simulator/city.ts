import type { Server } from 'node:http';
import { isoDay } from './days.ts';
import { horizonOf, type Horizon, type HorizonOptions } from './horizon.ts';
import { createFaultBoard, type Fault } from './http/faults.ts';
import { json, type Handler } from './http/reply.ts';
import { createSimulatedServer, type LoggedRequest, type ServerParts } from './http/server.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { createSystems } from './systems.ts';

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
  const { server, requests } = createSimulatedServer(serverParts(options));
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

function serverParts(options: CityOptions): ServerParts {
  const horizon = horizonOf(options);
  const clock = options.clock ?? Date.now;
  const systems = createSystems(horizon, clock);
  const card = cityCard(horizon);
  const streams = systems.flatMap((system) => Object.entries(system.ledger));
  const ledger = ledgerRoutes(horizon, Object.fromEntries(streams));
  return {
    systems: systems.map((system) => system.routes),
    control: (request) => card(request) ?? ledger(request),
    faults: createFaultBoard(options.faults),
    expireTokens: (path) => {
      for (const system of systems) system.expireTokens(path);
    },
    clock,
  };
}

function portOf(address: ReturnType<Server['address']>): number {
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
