import { shortDate } from '../../core/calendar-date.ts';
import type { Language } from '../../core/localized.ts';
import type { Column, Figure, Row, Table } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { COUNT, figureOf, type FigureStyle } from '../layout/figure-of.ts';
import { text } from '../layout/inlines.ts';
import { byVietnameseName } from '../layout/vietnamese-order.ts';
import type { ReportTime } from '../report.ts';
import { correctionRules } from './correction-rules.ts';
import { named } from './listed-communes.ts';
import type { BulletinNames } from './names.ts';

const SIGNED: FigureStyle = { format: { decimals: 0, sign: true }, whenNull: 'not-collected' };

/** Biểu 2: every day of the week on which a cumulative figure fell, as the source gave it. */
export function correctionTable(table: FigureTable, names: BulletinNames, time: ReportTime): Table {
  const { language } = time;
  const vi = language === 'vi';
  return {
    kind: 'table',
    id: 'corrections',
    title: vi
      ? 'Biểu 2. Đính chính giảm của nguồn số liệu trong tuần'
      : 'Table 2. Downward corrections of the week',
    unitNote: vi ? 'Đơn vị tính: người' : 'Unit: persons',
    columns: columns(time),
    rows: corrected(table, names, language).map(({ key, name, day }, index): Row => ({
      kind: 'data',
      key: key.join('|'),
      cells: [text(String(index + 1)), text(name), text(shortDate(day)), ...figures(table, key)],
    })),
  };
}

/** The corrections by commune, then by day. */
function corrected(table: FigureTable, names: BulletinNames, language: Language) {
  const rows = table.rows.map(({ key }) => {
    const [code = '', day = ''] = key;
    return { key, day, code: key.join('|'), name: named(code, names, language).name };
  });
  return byVietnameseName(rows);
}

function figures(table: FigureTable, key: readonly string[]): readonly Figure[] {
  return correctionRules.map(({ name }) =>
    figureOf(table, key, name, name.endsWith('_change') ? SIGNED : COUNT),
  );
}

function columns({ language, period, periods }: ReportTime): readonly Column[] {
  const vi = language === 'vi';
  const window = periods.window(period);
  return [
    { key: 'position', label: vi ? 'STT' : 'No.', number: 'A', align: 'center' },
    { key: 'commune', label: vi ? 'Xã, phường, đặc khu' : 'Commune', number: 'B' },
    { key: 'day', label: vi ? 'Ngày báo cáo' : 'Day', number: 'C', align: 'center' },
    ...correctionRules.map(({ name, label }, index) => ({
      key: name,
      label: label[language],
      number: index % 3 === 2 ? `${index + 1}=${index}-${index - 1}` : `${index + 1}`,
      window,
      align: 'right' as const,
    })),
  ];
}
