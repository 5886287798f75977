import type { ColumnContract, ColumnType, StreamContract } from '../core/stream-contract.ts';
import type { BatchCheck } from './port.ts';

/** What names a fact; its stage is not part of it. */
const factKey = ['publisher', 'dataset', 'indicator', 'area', 'period', 'breakdown'] as const;

/**
 * The one stream of socio-economic figures, whatever they came in (PX, JSON-stat, SDMX, Excel forms). A fact is
 * indicator × area × period × breakdown of one dataset of one publisher. Ước, sơ bộ and chính thức are versions of it, as
 * corrections are: a later stage supersedes an earlier one, which stays in history and is seen as of its time.
 *
 * - `publisher`, `dataset` keep sources apart that share the table: they are the partition, and never NULL;
 * - no key column is NULL: `''` means "not divided by it";
 * - `area` is the source's own code or, without one, its text; official codes are joined in staging;
 * - `period` is spelled as `core/period.ts` reads it, `period_as_given` as the source does;
 * - `breakdown` is {@link breakdownKey} of the remaining dimensions;
 * - `value` is in `unit`, the multiplier already applied: 100309.2 with `multiplier` 3 is 100309200; NULL when missing,
 *   with the source's own sign in `status`;
 * - `vintage` is the stage of this version: `estimate`, `preliminary`, `final`, or `''` where the source does not say;
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
    key: factKey,
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

/** SQL for the order of stages; a figure without a word about it is taken for a final one. */
function stageOrder(vintage: string): string {
  return `case ${vintage} when 'estimate' then 1 when 'preliminary' then 2 else 3 end`;
}

/** SQL for the source's time of a version, so that of several stages in one file the later one is the newer version. */
export function stagePublished(publishedAt: string): string {
  return `(${publishedAt})::timestamptz + to_microseconds(${stageOrder('vintage')})`;
}

/** Versions that would take the place of a later stage: each fact's newest, not older than what is published. */
const backwards = `select 'vintage' as field,
    concat_ws(' ', d.dataset, d.indicator, d.area, d.period, d.breakdown) || ': ' || s.vintage || ' → ' || d.vintage as value
  from (select * from decoded_socioeconomic_figure where _status is null
      qualify row_number() over (partition by ${factKey.join(', ')} order by _published_at desc nulls last, _row desc) = 1) d
  join staging.socioeconomic_figure s on ${factKey.map((name) => `s.${name} = d.${name}`).join(' and ')}
  where ${stageOrder('d.vintage')} < ${stageOrder('s.vintage')} 
    and coalesce(date_trunc('second', d._published_at) >= date_trunc('second', s._published_at), true)
  limit 100`;

/**
 * Facts that stand in several rows: in earlier releases the stage was a part of the key, so that an estimate and a final
 * figure stood side by side. Taking one in now would replace both and count wrongly.
 */
const severalRows = `select 'vintage' as field,
    concat_ws(' ', dataset, indicator, area, period, breakdown) || ': ' || string_agg(vintage, ', ' order by vintage) as value
  from staging.socioeconomic_figure s
  where exists (select 1 from decoded_socioeconomic_figure d
    where d.publisher = s.publisher and d.dataset = s.dataset)
  group by publisher, dataset, indicator, area, period, breakdown
  having count(*) > 1
  limit 100`;

/** Checks of figures, whatever they came in. */
export const figureChecks: readonly BatchCheck[] = [
  {
    code: 'figures-of-older-key',
    severity: 'block',
    stream: 'socioeconomic_figure',
    label: {
      vi: 'Kho còn nhiều dòng cho một số liệu (ước, sơ bộ, chính thức từng là dòng riêng)',
      en: 'The warehouse has several rows for one figure (its stages used to be rows of their own)',
    },
    remedy: {
      vi: 'Chạy phusa rebuild để dựng lại kho từ dữ liệu gốc, rồi phusa quarantine replay.',
      en: 'Run phusa rebuild, which makes the warehouse again from landed bytes, then phusa quarantine replay.',
    },
    sql: severalRows,
  },
  {
    code: 'stage-backwards',
    severity: 'block',
    stream: 'socioeconomic_figure',
    label: {
      vi: 'Số chính thức hoặc sơ bộ bị thay bằng số ở bước trước (ước, sơ bộ)',
      en: 'A final or preliminary figure would be replaced by an earlier stage',
    },
    remedy: {
      vi: 'Hỏi đơn vị công bố; nếu đúng là rút số chính thức, phát hành lô bằng quyết định riêng.',
      en: 'Ask the publisher; if the final figure was truly withdrawn, release the batch by decision.',
    },
    when: `select 1 from decoded_socioeconomic_figure where vintage in ('estimate', 'preliminary') limit 1`,
    sql: backwards,
  },
];

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
