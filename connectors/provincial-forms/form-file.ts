import type { ProvincialForm } from './config.ts';

/** A month, reported by a file. */
export interface ReportMonth {
  readonly year: number;
  readonly month: number;
}

/** The month a file reports, by the form's naming; undefined when the file is none of the form. */
export function reportMonth({ file }: ProvincialForm, name: string): ReportMonth | undefined {
  const escaped = file.normalize('NFC').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = escaped
    .replace('YYYY', '(?<year>\\d{4})')
    .replace('MM', '(?<month>0[1-9]|1[0-2])');
  const found = new RegExp(`^${pattern}$`, 'i').exec(name.normalize('NFC'))?.groups;
  const { year, month } = found ?? {};
  return year === undefined || month === undefined
    ? undefined
    : { year: Number(year), month: Number(month) };
}

/** The id of a period so many months from a month, in the form's window. */
export function periodFrom(
  { window }: ProvincialForm,
  { year, month }: ReportMonth,
  months: number | 'year' | 'last-year',
): string {
  const suffix = window === 'calendar' ? '' : `@${window}`;
  if (months === 'year') return `${year}${suffix}`;
  if (months === 'last-year') return `${year - 1}${suffix}`;
  const count = year * 12 + (month - 1) + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}${suffix}`;
}
