import { usageError } from './usage-error.ts';

/** Report and period of `edition:<report>/<period>/v<n>`, or of `<report>/<period>`. Throws `wrong-usage`. */
export function editionOf(ref: string): { readonly report: string; readonly period: string } {
  const found = /^(?:edition:)?([^/#]+)\/([^/#]+)(?:\/v\d+)?$/.exec(ref);
  const [, report, period] = found ?? [];
  if (report !== undefined && period !== undefined) return { report, period };
  throw usageError(
    {
      vi: `“${ref}” không phải tham chiếu của một bản báo cáo.`,
      en: `“${ref}” is not an edition reference.`,
    },
    {
      vi: 'Dạng đúng: edition:<báo cáo>/<kỳ>/v<số>; xem phusa report editions.',
      en: 'It looks like edition:<report>/<period>/v<n>; see phusa report editions.',
    },
  );
}
