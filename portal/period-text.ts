import type { Language } from './language.tsx';

/** A period's name as people say it: `2026-10@nd09` is "tháng 10/2026 (kỳ 15–14)". Unknown names stay as they are. */
export function periodText(period: string, language: Language): string {
  const [name = '', anchor] = period.split('@');
  const suffix = anchor === 'nd09' ? (language === 'vi' ? ' (kỳ 15–14)' : ' (15th to 14th)') : '';
  return spoken(name, language) + suffix;
}

function spoken(name: string, language: Language): string {
  const vi = language === 'vi';
  const found = /^(\d{4})(?:-(?:Q(\d)|H(\d)|(\d{1,2})M|W(\d{2})|(\d{2})))?$/.exec(name);
  if (!found) return name;
  const [, year = '', quarter, half, months, week, month] = found;
  if (quarter !== undefined) return vi ? `quý ${roman(quarter)}/${year}` : `Q${quarter} ${year}`;
  if (half !== undefined)
    return vi ? `6 tháng ${half === '1' ? 'đầu' : 'cuối'} năm ${year}` : `half ${half} of ${year}`;
  if (months !== undefined)
    return vi ? `${months} tháng năm ${year}` : `${months} months of ${year}`;
  if (week !== undefined)
    return vi ? `tuần ${Number(week)}/${year}` : `week ${Number(week)} of ${year}`;
  if (month !== undefined) return vi ? `tháng ${Number(month)}/${year}` : `${month}/${year}`;
  return vi ? `năm ${year}` : year;
}

function roman(quarter: string): string {
  return ['I', 'II', 'III', 'IV'][Number(quarter) - 1] ?? quarter;
}
