import type { CalendarExpression, PeriodSeries } from '../core/calendar-expression.ts';
import type { JsonObject } from '../core/json.ts';
import type { Language, Localized } from '../core/localized.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import type { Period } from '../core/period.ts';
import type { Section } from '../render/document.ts';
import type { FigureTable } from '../transforms/catalog/figure-table.ts';
import type { ResultTable } from '../warehouse/port.ts';

/** A report: one folder under reports/, one line in the registry. */
export interface Report {
  /** kebab-case. */
  readonly name: string;
  /** Raised when definition or layout change; printed in the manifest. */
  readonly version: string;
  readonly label: Localized;
  readonly series: PeriodSeries;
  readonly approval: 'none' | 'steward';
  readonly schedule: CalendarExpression;
  /** Facts whose sources must be complete up to the period's end. */
  readonly facts: readonly string[];
  /** Decrees and decisions it rests on, in force at the period's end, printed in the heading. Pure. */
  legalBasis(content: ReportContent, time: ReportTime): readonly string[];
  /** What it is about, with the period: the line under the title. */
  readonly subject: (context: ReportTime) => string;
  /** Reads all figures and names; the only step that touches the warehouse. */
  compute(context: ReportContext): Promise<ReportContent>;
  /** Lays the content out: pure, so that a manifest renders again without the warehouse. */
  layout(content: ReportContent, time: ReportTime): readonly Section[];
}

/** The period a report is for and the calendar that knows its days. */
export interface ReportTime {
  readonly period: Period;
  readonly periods: PeriodCalendar;
  readonly language: Language;
}

/** What a report computes with: selects are already bound to the edition's time. */
export interface ReportContext extends ReportTime {
  readonly select: (sql: string) => Promise<ResultTable>;
  /** Code of the province whose communes are reported. */
  readonly province: string;
  /** Boundaries in force at this date are shown. */
  readonly areasAsOf: string;
}

/** Everything a layout needs: figures with their rules, and names. */
export interface ReportContent {
  readonly tables: readonly FigureTable[];
  /** Names, labels and settings read with the figures: text, never statistics. */
  readonly names: JsonObject;
}
