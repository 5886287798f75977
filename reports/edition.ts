import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/json.ts';
import { asJson } from '../core/json-member.ts';
import type { Language, Localized } from '../core/localized.ts';
import { formatReference } from '../core/reference.ts';
import type { ReportDocument } from '../render/document.ts';
import type { FigureTable } from '../transforms/catalog/figure-table.ts';

/** What an issue of a report freezes: enough to render the same bytes and to trace every cell. */
export interface EditionManifest {
  readonly reference: string;
  readonly report: string;
  readonly reportVersion: string;
  readonly period: string;
  readonly version: number;
  readonly language: Language;
  /** ISO instant up to which recorded data are shown. */
  readonly asOf: string;
  /** YYYY-MM-DD: boundaries shown. */
  readonly areasAsOf: string;
  readonly issuedAt: string;
  readonly shortCode: string;
  readonly document: ReportDocument;
  readonly tables: readonly FigureTable[];
  readonly completeness: readonly SourceCompleteness[];
  /** SHA-256 of the SQL of each derived asset then in force. */
  readonly code: Readonly<Record<string, string>>;
  readonly renderer: string;
  readonly files: Readonly<Record<'pdf' | 'xlsx', string>>;
  /** Equal for editions that say the same. */
  readonly contentSha256: string;
}

/** Whether a source had everything up to the period's end when the edition was made. */
export interface SourceCompleteness {
  readonly source: string;
  readonly complete: boolean;
  /** Start of its last run that read something; null if there was none. */
  readonly lastRead: string | null;
  readonly note: Localized;
}

/** `edition:<report>/<period>/v<n>`. */
export function editionReference(report: string, period: string, version: number): string {
  return formatReference({ kind: 'edition', report, period, version, cell: undefined });
}

/** `<report>_<period>_v<n>`: the file name without its ending. */
export function editionFileName(report: string, period: string, version: number): string {
  return `${report}_${period}_v${version}`;
}

/** Hash over what an edition says: figures, their rules, completeness. Times and numbers of the edition stay out. */
export function contentSha256(
  content: Pick<EditionManifest, 'reportVersion' | 'areasAsOf' | 'tables' | 'language'> & {
    readonly complete: boolean;
  },
): string {
  return createHash('sha256')
    .update(canonicalJson(asJson(content)))
    .digest('hex');
}
