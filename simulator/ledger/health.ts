import { isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { casesOf, type ListedCase } from '../health/case-list.ts';
import {
  CLAIMING,
  drugsTold,
  packageVisits,
  sundays,
  type ToldVisit,
} from '../health/claim-package.ts';
import type { ReportedValue } from '../health/dhis2.ts';
import { standingVisits } from '../health/fhir.ts';
import { costOf, lastDayOf } from '../health/visit-book.ts';
import { countOf, plainCounts, type LedgerStream } from './stream.ts';

/** Every insurance claim as the last package of it tells it. */
export function claimLedger(horizon: Horizon): LedgerStream {
  function* rows(): Generator<object> {
    const told = new Map<string, ToldVisit>();
    for (const sunday of sundays(horizon.firstDay, horizon.lastDay))
      for (const facility of CLAIMING)
        for (const one of packageVisits(horizon, facility, sunday)) told.set(one.visit.code, one);
    for (const one of told.values()) yield claimRow(one);
  }
  return { rows, counts: () => plainCounts(countOf(rows())) };
}

function claimRow(told: ToldVisit): object {
  const drugs = drugsTold(told);
  const { visit } = told;
  return {
    facility: visit.facility.code,
    treatment: visit.code,
    ended_on: isoDay(lastDayOf(visit)),
    disease: visit.disease.code,
    total: costOf({ drugs, services: visit.services }),
    drug_lines: drugs.length,
    service_lines: visit.services.length,
    agrees: !visit.isMiscounted,
  };
}

/** Every encounter that stands at the FHIR server. */
export function encounterLedger(horizon: Horizon): LedgerStream {
  function* rows(): Generator<object> {
    for (const { code, day, facility, disease } of standingVisits(horizon))
      yield {
        encounter: code,
        started_on: isoDay(day),
        facility: facility.code,
        disease: disease.code,
      };
  }
  return { rows, counts: () => plainCounts(countOf(rows())) };
}

/** Every case that stands after the last list: those reported by mistake are gone. */
export function caseLedger(horizon: Horizon): LedgerStream {
  function* rows(): Generator<object> {
    const listed = new Map<string, ListedCase>();
    for (const sunday of sundays(horizon.firstDay, horizon.lastDay))
      for (const one of casesOf(horizon, sunday)) listed.set(one.visit.code, one);
    for (const { visit, caseClass, state } of listed.values())
      if (state !== 'Báo nhầm')
        yield { case: visit.code, disease: visit.disease.code, class: caseClass };
  }
  return { rows, counts: () => plainCounts(countOf(rows())) };
}

/** Every value that stands at the DHIS2 server. */
export function healthValueLedger(values: () => readonly ReportedValue[]): LedgerStream {
  function* rows(): Generator<object> {
    for (const { dataElement, period, orgUnit, value, deleted } of values())
      if (!deleted) yield { element: dataElement, period, unit: orgUnit, value: Number(value) };
  }
  return { rows, counts: () => plainCounts(countOf(rows())) };
}
