import type { Classification, ColumnType } from '../core/stream-contract.ts';
import type { Language, Localized } from '../core/localized.ts';
import type { ExtractPlan, PlannedMeasure } from './extract-plan.ts';

/** A column of an extract's data file. */
export interface OutputColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly label: Localized;
  readonly unit: string | undefined;
  readonly classification: Classification;
}

/** Columns in the order of the file. */
export function outputColumns(plan: ExtractPlan): readonly OutputColumn[] {
  const plain = plan.columns.map(({ name, type, label, unit, classification }) => ({
    name,
    type,
    label,
    unit,
    classification,
  }));
  return [...plain, ...plan.measures.flatMap((measure) => measureColumns(measure, plan))];
}

const words = {
  sum: { vi: 'Tổng', en: 'Sum of' },
  count: { vi: 'Số dòng có', en: 'Count of' },
  count_distinct: { vi: 'Số giá trị khác nhau của', en: 'Distinct count of' },
  min: { vi: 'Nhỏ nhất của', en: 'Minimum of' },
  max: { vi: 'Lớn nhất của', en: 'Maximum of' },
  avg: { vi: 'Bình quân', en: 'Mean of' },
} as const;

function measureColumns(measure: PlannedMeasure, plan: ExtractPlan): readonly OutputColumn[] {
  const column = measureColumn(measure);
  if (plan.minimumFrequency === null) return [column];
  const label = {
    vi: `Dấu che của ${column.name}`,
    en: `Suppression mark of ${column.name}`,
  };
  return [
    column,
    {
      name: `${column.name}_mark`,
      type: 'varchar',
      label,
      unit: undefined,
      classification: 'public',
    },
  ];
}

function measureColumn({ name, fn, source }: PlannedMeasure): OutputColumn {
  const counts = fn === 'count' || fn === 'count_distinct';
  const type: ColumnType = counts ? 'bigint' : fn === 'avg' ? 'decimal(38,6)' : source.type;
  const label = {
    vi: `${words[fn].vi} ${source.label.vi}`,
    en: `${words[fn].en} ${source.label.en}`,
  };
  return { name, type, label, unit: counts ? undefined : source.unit, classification: 'internal' };
}

/** The codebook as CSV: column, label, type, unit, source, classification. */
export function codebook(
  columns: readonly OutputColumn[],
  plan: ExtractPlan,
  language: Language,
): string {
  const lines = columns.map(({ name, label, type, unit, classification }) =>
    [name, label[language], type, unit ?? '', plan.dataset.key, classification]
      .map(field)
      .join(','),
  );
  return `\uFEFFcolumn,label,type,unit,source,classification\r\n${lines.join('\r\n')}\r\n`;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
