import type { ColumnContract, ColumnType, StreamContract } from '../core/stream-contract.ts';

/**
 * The one stream of socio-economic figures, whatever they came in (PX, JSON-stat, SDMX, Excel forms). A fact is
 * indicator × area × period × breakdown of one dataset of one publisher; its vintages stand beside each other, and
 * corrections inside one vintage go to history.
 *
 * - `publisher`, `dataset` keep sources apart that share the table: they are the partition, and never NULL;
 * - no key column is NULL: `''` means "not divided by it";
 * - `area` is the source's own code or, without one, its text; official codes are joined in staging;
 * - `period` is spelled as `core/period.ts` reads it, `period_as_given` as the source does;
 * - `breakdown` is {@link breakdownKey} of the remaining dimensions;
 * - `value` is in `unit`, the multiplier already applied: 100309.2 with `multiplier` 3 is 100309200; NULL when missing,
 *   with the source's own sign in `status`;
 * - `vintage` is `estimate`, `preliminary`, `final`, or `''` where the source does not say;
 * - `aggregate_over` names the dimensions in which the member is a total or a region that contains other members, so
 *   that it is never summed with them: `''` none, NULL not known.
 *
 * @param deletes - how rows leave: `absence` for whole tables, `tombstone` where the source says so (SDMX)
 */
export function socioeconomicFigure(deletes: StreamContract['deletes']): StreamContract {
  return {
    stream: 'socioeconomic_figure',
    layer: 'staging',
    label: { vi: 'Số liệu kinh tế - xã hội', en: 'Socio-economic figures' },
    key: ['publisher', 'dataset', 'indicator', 'area', 'period', 'breakdown', 'vintage'],
    deletes,
    ...(deletes === 'absence' || deletes === 'both' ? { partition: ['publisher', 'dataset'] } : {}),
    columns: [
      column('publisher', 'varchar', 'Cơ quan công bố', 'Publisher'),
      column('dataset', 'varchar', 'Bảng số liệu của nguồn', 'Dataset of the source'),
      column('indicator', 'varchar', 'Mã chỉ tiêu của nguồn', 'Indicator code of the source'),
      column('indicator_name', 'varchar', 'Tên chỉ tiêu', 'Indicator'),
      column('area', 'varchar', 'Mã địa bàn của nguồn', 'Area code of the source'),
      column('area_name', 'varchar', 'Tên địa bàn', 'Area'),
      column('period', 'varchar', 'Kỳ', 'Period'),
      column('period_as_given', 'varchar', 'Kỳ như nguồn ghi', 'Period as printed'),
      column('breakdown', 'varchar', 'Phân tổ', 'Breakdown'),
      column('breakdown_name', 'varchar', 'Tên phân tổ', 'Breakdown in words'),
      column(
        'vintage',
        'varchar',
        'Ước tính, sơ bộ hay chính thức',
        'Estimate, preliminary or final',
      ),
      column('value', 'decimal(38,12)', 'Giá trị', 'Value'),
      column('unit', 'varchar', 'Đơn vị tính', 'Unit of measure'),
      column('value_as_given', 'varchar', 'Giá trị như nguồn ghi', 'Value as printed'),
      column('unit_as_given', 'varchar', 'Đơn vị như nguồn ghi', 'Unit as printed'),
      column('multiplier', 'integer', 'Số mũ 10 đã nhân', 'Power of ten applied'),
      column('status', 'varchar', 'Ký hiệu của nguồn', 'Status sign of the source'),
      column('decimals', 'integer', 'Số chữ số thập phân công bố', 'Decimals published'),
      column('aggregate_over', 'varchar', 'Là tổng theo chiều', 'Total over dimensions'),
    ],
  };
}

/**
 * The text of a breakdown: `dimension=member` in the order of dimension names, joined by `|`; reserved characters are
 * percent-encoded. Equal breakdowns give equal texts, whatever the order in the source.
 */
export function breakdownKey(members: Readonly<Record<string, string>>): string {
  return Object.keys(members)
    .sort()
    .map((dimension) => `${escaped(dimension)}=${escaped(members[dimension] ?? '')}`)
    .join('|');
}

/** Percent-encodes what has a meaning in a key. */
function escaped(text: string): string {
  return text.replaceAll(/[%|=]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function column(name: string, type: ColumnType, vi: string, en: string): ColumnContract {
  return { name, type, label: { vi, en }, classification: 'public' };
}
