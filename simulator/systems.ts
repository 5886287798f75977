import { createEpidemic } from './covid/epidemic.ts';
import { portalRoutes } from './covid/portal.ts';
import { covidRoutes } from './covid/routes.ts';
import { createDossierIndex } from './dvc/dossier-index.ts';
import { createPager } from './dvc/paging.ts';
import { DVC_TOKEN_RULE, dvcRoutes } from './dvc/routes.ts';
import { createArchive } from './einvoice/archive.ts';
import { createInvoiceBook } from './einvoice/invoice-book.ts';
import { EINVOICE_TOKEN_RULE, einvoiceRoutes } from './einvoice/routes.ts';
import { createSellers } from './einvoice/sellers.ts';
import { isoDay } from './days.ts';
import type { Horizon, HorizonOptions } from './horizon.ts';
import { folderRoutes } from './http/folder.ts';
import type { Handler } from './http/reply.ts';
import { createTokenDesk } from './http/tokens.ts';
import { covidDailyLedger } from './ledger/covid-daily.ts';
import {
  dossierFeeLedger,
  dossierLedger,
  dossierStepLedger,
  dossierSupplementLedger,
} from './ledger/dossiers.ts';
import { einvoiceLedger, einvoiceLineLedger, summaryLineLedger } from './ledger/einvoices.ts';
import { mapLedger } from './ledger/maps.ts';
import { provinceDayLedger } from './ledger/province-days.ts';
import { enrolmentLedger } from './ledger/rosters.ts';
import type { LedgerStream } from './ledger/stream.ts';
import { citizenReportLedger } from './ledger/citizen-reports.ts';
import { formFigureLedger, registeredPupilLedger } from './ledger/workbooks.ts';
import { yearbookLedger } from './ledger/yearbook.ts';
import { mapRoutes } from './map/feature-layer.ts';
import { referenceRoutes } from './reference/routes.ts';
import { registeredPupils, schoolRegisters } from './school/register.ts';
import { createRoster } from './school/roster.ts';
import { SCHOOL_TOKEN_RULE, schoolRoutes } from './school/routes.ts';
import { dhis2Routes, reportedValues } from './health/dhis2.ts';
import { fhirRoutes } from './health/fhir.ts';
import { feedRoutes } from './feeds/routes.ts';
import { hotlineRoutes } from './hotline/routes.ts';
import { caseLedger, claimLedger, encounterLedger, healthValueLedger } from './ledger/health.ts';
import { callLegLedger } from './ledger/call-legs.ts';
import { cameraEventLedger } from './ledger/camera-events.ts';
import { newsItemLedger } from './ledger/news-items.ts';
import { sensorReadingLedger } from './ledger/sensor-readings.ts';
import { vesselPositionLedger } from './ledger/vessel-positions.ts';
import { parkingRoutes } from './parking/routes.ts';
import { readingBook } from './sensors/reading-book.ts';
import { sensorRoutes } from './sensors/routes.ts';
import { vesselRoutes } from './vessels/routes.ts';
import { createReportBook } from './reports/report-book.ts';
import { REPORT_TOKEN_RULE, reportRoutes } from './reports/routes.ts';

import { formFigures, monthlyForms } from './statistics/monthly-forms.ts';
import { pxwebRoutes } from './statistics/pxweb.ts';
import { pxweb2Routes } from './statistics/pxweb2.ts';
import { sdmxRoutes } from './statistics/sdmx.ts';
import { createYearbook } from './statistics/yearbook.ts';

/** One simulated agency: what it serves and what it meant to serve. */
export type System = {
  readonly routes: Handler;
  readonly ledger: Readonly<Record<string, LedgerStream>>;
  /** Forgets all tokens, if the path is this system's. */
  expireTokens(path: string): void;
};

function covid(horizon: Horizon): System {
  const epidemic = createEpidemic(horizon.seed);
  const daily = covidRoutes(horizon, epidemic);
  const portal = portalRoutes(horizon);
  return {
    routes: (request) => daily(request) ?? portal(request),
    ledger: {
      covid_daily: covidDailyLedger(horizon, epidemic),
      province_days: provinceDayLedger(horizon),
    },
    expireTokens: () => undefined,
  };
}

function taxAndReference(horizon: Horizon, clock: () => number): System {
  const sellers = once(() => createSellers(horizon.seed, horizon.scale));
  const archive = once(() =>
    createArchive(horizon, sellers(), createInvoiceBook(horizon, sellers())),
  );
  const tokens = createTokenDesk(EINVOICE_TOKEN_RULE, clock);
  const einvoice = einvoiceRoutes(archive, tokens);
  const reference = referenceRoutes(horizon.lastDay, sellers);
  return {
    routes: (request) => einvoice(request) ?? reference(request),
    ledger: {
      einvoices: einvoiceLedger(archive),
      einvoice_lines: einvoiceLineLedger(archive),
      einvoice_summary_lines: summaryLineLedger(archive),
    },
    expireTokens(path) {
      if (path.startsWith('/einvoice/')) tokens.expireAll();
    },
  };
}

function publicServices(horizon: Horizon, clock: () => number): System {
  const index = once(() => createDossierIndex(horizon));
  const pager = once(() => createPager(horizon.seed, index()));
  const tokens = createTokenDesk(DVC_TOKEN_RULE, clock);
  return {
    routes: dvcRoutes({ index, pager, tokens, clock }),
    ledger: {
      dossiers: dossierLedger(horizon.seed, index),
      dossier_steps: dossierStepLedger(index),
      dossier_supplements: dossierSupplementLedger(index),
      dossier_fees: dossierFeeLedger(index),
    },
    expireTokens(path) {
      if (path.startsWith('/dvc/')) tokens.expireAll();
    },
  };
}

function citizenReports(horizon: Horizon, clock: () => number): System {
  const book = once(() => createReportBook(horizon));
  const tokens = createTokenDesk(REPORT_TOKEN_RULE, clock);
  return {
    routes: reportRoutes({ horizon, book, tokens }),
    ledger: { citizen_reports: citizenReportLedger(book) },
    expireTokens(path) {
      if (path.startsWith('/1022/')) tokens.expireAll();
    },
  };
}

function statistics(horizon: Horizon, clock: () => number): System {
  const yearbook = once(() => createYearbook(horizon));
  const first = pxwebRoutes(yearbook, clock);
  const second = pxweb2Routes(horizon, yearbook);
  const messages = sdmxRoutes(horizon, yearbook);
  const options = optionsOf(horizon);
  const forms = folderRoutes(
    '/forms/',
    once(() => monthlyForms(options)),
  );
  return {
    routes: (request) => first(request) ?? second(request) ?? messages(request) ?? forms(request),
    ledger: {
      yearbook: yearbookLedger(yearbook),
      form_figures: formFigureLedger(() => formFigures(options)),
    },
    expireTokens: () => undefined,
  };
}

/** What a horizon was made of, as far as workbooks depend on it. */
function optionsOf({ lastDay, seed }: Horizon): HorizonOptions {
  return { now: isoDay(lastDay), seed };
}

function maps(horizon: Horizon): System {
  return {
    routes: mapRoutes(horizon),
    ledger: { map_points: mapLedger(horizon) },
    expireTokens: () => undefined,
  };
}

function schools(horizon: Horizon, clock: () => number): System {
  const roster = once(() => createRoster(horizon));
  const tokens = createTokenDesk(SCHOOL_TOKEN_RULE, clock);
  const options = optionsOf(horizon);
  const registers = folderRoutes(
    '/school/registers/',
    once(() => schoolRegisters(options)),
  );
  const service = schoolRoutes(roster, tokens);
  return {
    routes: (request) => registers(request) ?? service(request),
    ledger: {
      enrolments: enrolmentLedger(roster),
      registered_pupils: registeredPupilLedger(() => registeredPupils(options)),
    },
    expireTokens(path) {
      if (path.startsWith('/school/')) tokens.expireAll();
    },
  };
}

/** The health system: FHIR bulk export and DHIS2; claims and case lists are written as files. */
function health(horizon: Horizon): System {
  const values = once(() => reportedValues(horizon));
  const fhir = fhirRoutes(horizon);
  const figures = dhis2Routes(horizon, values);
  return {
    routes: (request) => fhir(request) ?? figures(request),
    ledger: {
      health_claims: claimLedger(horizon),
      health_encounters: encounterLedger(horizon),
      health_cases: caseLedger(horizon),
      health_values: healthValueLedger(values),
    },
    expireTokens: () => undefined,
  };
}

/** What the city hears and sees: call records, news, sensors, ships and cameras. */
function observation(horizon: Horizon): System {
  const readings = once(() => readingBook(horizon));
  const routes = [
    hotlineRoutes(horizon),
    feedRoutes(horizon),
    sensorRoutes(readings),
    vesselRoutes(horizon),
    parkingRoutes(horizon),
  ];
  return {
    routes: (request) => {
      for (const route of routes) {
        const reply = route(request);
        if (reply !== undefined) return reply;
      }
      return undefined;
    },
    ledger: {
      call_legs: callLegLedger(horizon),
      news_items: newsItemLedger(horizon.seed),
      sensor_readings: sensorReadingLedger(readings),
      vessel_positions: vesselPositionLedger(horizon.seed),
      camera_events: cameraEventLedger(horizon),
    },
    expireTokens: () => undefined,
  };
}

/** The systems of the city; nothing is computed before it is asked for. */
export function createSystems(horizon: Horizon, clock: () => number): readonly System[] {
  return [
    covid(horizon),
    taxAndReference(horizon, clock),
    publicServices(horizon, clock),
    citizenReports(horizon, clock),
    statistics(horizon, clock),
    schools(horizon, clock),
    maps(horizon),
    health(horizon),
    observation(horizon),
  ];
}

/** Computes a value when it is first asked for, and keeps it. */
function once<T>(compute: () => T): () => T {
  let value: { readonly kept: T } | undefined;
  return () => (value ??= { kept: compute() }).kept;
}
