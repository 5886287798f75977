import type { Language } from '../../core/localized.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { byVietnameseName } from '../layout/vietnamese-order.ts';
import type { BulletinNames, Commune } from './names.ts';
import { TOTAL, UNASSIGNED } from './row-keys.ts';

/** The communes of biểu 1 in the Vietnamese alphabet; what belongs to no commune of the map comes last. */
export function listedCommunes(
  table: FigureTable,
  names: BulletinNames,
  language: Language,
): readonly Commune[] {
  const codes = table.rows.flatMap(({ key: [code = ''] }) => (code === TOTAL[0] ? [] : [code]));
  const members = codes.map((code) => named(code, names, language));
  return [
    ...byVietnameseName(members.filter(({ code }) => code !== UNASSIGNED)),
    ...members.filter(({ code }) => code === UNASSIGNED),
  ];
}

/** A commune by its code; the code itself where the list of areas does not know it. */
export function named(code: string, { communes }: BulletinNames, language: Language): Commune {
  const known = communes.find((commune) => commune.code === code);
  const words =
    language === 'vi' ? 'Chưa quy đổi được theo địa bàn mới' : 'Not assignable to today’s map';
  const name = code === UNASSIGNED ? words : code;
  return known ?? { code, name, shortName: name, listed: false };
}
