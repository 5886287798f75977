import { dashedMoment, endOfDay, momentOf } from '../days.ts';
import type { Dossier } from '../dvc/dossier.ts';
import type { DossierIndex } from '../dvc/dossier-index.ts';
import { feesOf, STEP_TEXT, stepsOf } from '../dvc/dossier-json.ts';
import { createPager, PAGE_LIMIT } from '../dvc/paging.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

function momentText(moment: number | null): string | null {
  return moment === null ? null : dashedMoment(moment);
}

function keyOf(dossier: Dossier): string | null {
  return dossier.life.defect === 'missing-key' ? null : dossier.life.code;
}

function moments({ from, to }: LedgerRange): readonly [number, number] {
  return [momentOf(from), endOfDay(to)];
}

function* dossiersIn(index: DossierIndex, range: LedgerRange): Generator<Dossier> {
  const [from, to] = index.window(...moments(range));
  for (let position = from; position < to; position += 1) yield index.dossier(position);
}

function feeTotal(dossier: Dossier): string {
  return String(feesOf(dossier).reduce((sum, fee) => sum + fee.amount, 0));
}

function dossierRow(dossier: Dossier): object {
  const { life } = dossier;
  return {
    dossier_code: keyOf(dossier),
    procedure_code: life.procedure.code,
    agency_code: dossier.agency.code,
    intake_agency_code: life.intake.code,
    commune_code: dossier.communeCode,
    channel: life.channel,
    subject_kind: life.subject,
    submitted_at: momentText(dossier.submittedAt),
    received_at: momentText(dossier.receivedAt),
    due_at: momentText(dossier.dueAt),
    status: dossier.status,
    finished_at: momentText(dossier.finishedAt),
    returned_at: momentText(dossier.returnedAt),
    refused_at: momentText(dossier.refusedAt),
    ended_at: momentText(dossier.endedAt),
    updated_at: momentText(dossier.updatedAt),
    supplement_requests: dossier.supplements.length,
    fee_total: feeTotal(dossier),
    paid_online: life.paidOnline,
    defect: life.defect,
    corrected: dossier.corrected,
  };
}

function stepRows(dossier: Dossier): readonly object[] {
  const { life } = dossier;
  return stepsOf(dossier).map((event, i, steps) => ({
    dossier_code: keyOf(dossier),
    step_no: i + 1,
    at: momentText(event.at),
    status: event.status,
    agency_code: steps.slice(0, i + 1).some((step) => step.kind === 'handed-over')
      ? life.heir.code
      : life.intake.code,
    text: STEP_TEXT[event.kind],
  }));
}

function supplementRows(dossier: Dossier): readonly object[] {
  return dossier.supplements.map((supplement, i) => ({
    dossier_code: keyOf(dossier),
    request_no: i + 1,
    requested_at: momentText(supplement.asked),
    answered_at: momentText(supplement.given),
    due_before: momentText(supplement.dueBefore),
    due_after: momentText(supplement.dueAfter),
  }));
}

function feeRows(dossier: Dossier): readonly object[] {
  return feesOf(dossier).map((fee, i) => ({
    dossier_code: keyOf(dossier),
    fee_no: i + 1,
    code: fee.code,
    collected_at: fee.collectedAt,
    amount: String(fee.amount),
  }));
}

function partLedger(
  index: () => DossierIndex,
  rowsOf: (dossier: Dossier) => readonly object[],
): LedgerStream {
  const stream: LedgerStream = {
    *rows(range) {
      for (const dossier of dossiersIn(index(), range)) yield* rowsOf(dossier);
    },
    counts: (range) => plainCounts(countOf(stream.rows(range))),
  };
  return stream;
}

/** Rows that are served more often than there are dossiers, at the largest page size. */
function duplicates(seed: number, index: DossierIndex, range: LedgerRange): number {
  const { listed, pages } = createPager(seed, index)(moments(range), PAGE_LIMIT);
  const [from, to] = index.window(...moments(range));
  return listed.length - (to - from) + pages.filter((page) => page.repeats).length;
}

/** `dossiers`: by the day of the last update, bad ones included. */
export function dossierLedger(seed: number, index: () => DossierIndex): LedgerStream {
  return {
    ...partLedger(index, (dossier) => [dossierRow(dossier)]),
    counts(range) {
      const kinds = { 'unknown-status': 0, 'impossible-date': 0, 'missing-key': 0 };
      let rows = 0;
      let corrections = 0;
      for (const { life, corrected } of dossiersIn(index(), range)) {
        rows += 1;
        if (life.defect !== null) kinds[life.defect] += 1;
        if (corrected) corrections += 1;
      }
      return {
        rows,
        duplicates: duplicates(seed, index(), range),
        bad_rows: Object.values(kinds).reduce((a, b) => a + b, 0),
        bad_by_kind: kinds,
        late_corrections: corrections,
      };
    },
  };
}

/** `dossier_steps`: the log of the same dossiers. */
export function dossierStepLedger(index: () => DossierIndex): LedgerStream {
  return partLedger(index, stepRows);
}

/** `dossier_supplements`: the requests for papers of the same dossiers. */
export function dossierSupplementLedger(index: () => DossierIndex): LedgerStream {
  return partLedger(index, supplementRows);
}

/** `dossier_fees`: the fees of the same dossiers. */
export function dossierFeeLedger(index: () => DossierIndex): LedgerStream {
  return partLedger(index, feeRows);
}
