import type { Language, Localized } from '../../core/localized.ts';
import type { Cell, Column, Row, Window } from '../../render/document.ts';
import { text } from './inlines.ts';

/** A column of figures: which rule, its number as printed (`6=7+8+9`), the days it counts. */
export interface FigureColumn {
  readonly rule: string;
  readonly number: string;
  readonly label: Localized;
  /** Heading over it and its neighbours. */
  readonly group?: Localized;
  readonly unit?: string;
  readonly window?: Window;
}

/** Columns of a table that lists members: serial number, name, then figures. */
export function listColumns(
  member: { readonly key: string; readonly label: Localized },
  figures: readonly FigureColumn[],
  language: Language,
): readonly Column[] {
  return [
    { key: 'position', label: language === 'vi' ? 'STT' : 'No.', number: 'A', align: 'center' },
    { key: member.key, label: member.label[language], number: 'B', align: 'left' },
    ...figures.map(({ rule, number, label, group, unit, window }) => ({
      key: rule,
      label: label[language],
      number,
      ...(group ? { groups: [group[language]] } : {}),
      ...(unit === undefined ? {} : { unit }),
      ...(window ? { window } : {}),
      align: 'right' as const,
    })),
  ];
}

/** A member's row, numbered from 1 in its list. */
export function memberRow(
  position: number,
  { code, name }: { readonly code: string; readonly name: string },
  figures: readonly Cell[],
): Row {
  return { kind: 'data', key: code, cells: [text(String(position)), text(name), ...figures] };
}

/** A row that sums members: no number of its own. */
export function sumRow(key: readonly string[], name: string, figures: readonly Cell[]): Row {
  return { kind: 'total', key: key.join('|'), cells: [{ kind: 'empty' }, text(name), ...figures] };
}
