import { connectorFile, tableRows } from '../connector-file.ts';
import { valueRows } from '../decode/sql-text.ts';
import type { BatchCheck } from '../port.ts';

/** Share of the earlier total below which a cumulative total cannot have fallen by corrections. */
const leastShare = '0.9';

/** Days back in which an earlier file is comparable. */
const reach = 31;

/**
 * The day compared with: the latest published day up to the file's own, not older than {@link reach} days. A file that
 * is published again is thus compared with its own earlier edition.
 */
const days = `day as (select max(report_day) as d from decoded_covid_report),
  before as (select max(s.report_day) as d from staging.covid_report s, day
    where s.report_day <= day.d and s.report_day >= day.d - ${reach})`;

/**
 * Whether anything fell or is missing: the total, or a place (a country is missing when all of its places are). Where
 * not, neither check below can find anything.
 */
const somethingLess = `with ${days},
  earlier as (select country, province, sum(confirmed) as was from staging.covid_report
    where report_day = (select d from before) group by all),
  present as (select country, province, sum(confirmed) as is_now from decoded_covid_report
    where _status is null group by all)
  select 1 from earlier e full join present p on p.country = e.country and p.province = e.province
  having coalesce(sum(is_now), 0) < ${leastShare} * sum(was) or bool_or(was > 0 and p.country is null)`;

/**
 * The same question over the files of several days together: each day is held against the latest one before it, which is
 * published or among them.
 */
const someLess = `with published as (
    select report_day, country, province, sum(confirmed) as n from staging.covid_report
    where report_day >= (select min(report_day) - ${reach} from decoded_covid_report) group by all),
  incoming as (
    select report_day, country, province, sum(confirmed) as n from decoded_covid_report group by all),
  known as (select * from published union all select * from incoming),
  pair as (select i.report_day as day, max(k.report_day) as before
    from (select distinct report_day from incoming) i join (select distinct report_day from known) k
      on k.report_day < i.report_day and k.report_day >= i.report_day - ${reach} group by i.report_day),
  earlier as (select p.day, k.country, k.province, k.n as was
    from pair p join known k on k.report_day = p.before)
  select 1 from earlier e full join incoming p
    on p.report_day = e.day and p.country = e.country and p.province = e.province
  group by coalesce(e.day, p.report_day)
  having coalesce(sum(p.n), 0) < ${leastShare} * sum(was) or bool_or(was > 0 and p.country is null)`;

const unreadableLines = `select _reason as field, left(_raw, 200) as value from decoded_covid_report
  where _reason like 'line-%'`;

const fallenTotal = `with ${days},
  total as (
    select (select sum(confirmed) from decoded_covid_report where _status is null) as now_total,
      (select sum(s.confirmed) from staging.covid_report s, before where s.report_day = before.d) as then_total)
  select 'confirmed' as field, then_total || ' → ' || coalesce(now_total, 0) as value
  from total where coalesce(now_total, 0) < ${leastShare} * then_total`;

/**
 * A member (country, or named province of a country) that had cases in the earlier file and is missing now, while a
 * member never published before appears with at least half of its cases, at the same level and for provinces under the
 * same country or name: a rename that nobody declared. Renames are declared in aliases.csv, other disappearances in vanished-members.csv.
 */
const renamedMember = `with ${days},
  declared as (select country, province, valid_from::date as valid_from, valid_to::date as valid_to
    from ${valueRows(vanished())} v(country, province, valid_from, valid_to)),
  present as (
    select country, '' as province, sum(confirmed) as confirmed from decoded_covid_report
      where _status is null group by country
    union all
    select country, province, sum(confirmed) from decoded_covid_report
      where _status is null and province <> '' group by country, province),
  earlier as (
    select country, '' as province, sum(confirmed) as confirmed from staging.covid_report s, before
      where s.report_day = before.d group by country
    union all
    select country, province, sum(confirmed) from staging.covid_report s, before
      where s.report_day = before.d and province <> '' group by country, province),
  gone as (
    select e.country, e.province, e.confirmed from earlier e, day
    where e.confirmed > 0
      and not exists (select 1 from present p where p.country = e.country and p.province = e.province)
      and not exists (select 1 from declared x where x.country = e.country
        and (x.province = e.province or (x.province = '*' and e.province <> ''))
        and day.d between x.valid_from and x.valid_to)),
  fresh as (
    select p.country, p.province, p.confirmed from present p, day
    where not exists (select 1 from staging.covid_report s
      where s.country = p.country and (p.province = '' or s.province = p.province) and s.report_day <> day.d)
      and not exists (select 1 from earlier e where e.country = p.country and e.province = p.province))
  select case when g.province = '' then 'country' else 'province' end as field,
    trim(g.country || ' / ' || g.province, ' /') || ' → ' || trim(f.country || ' / ' || f.province, ' /') as value
  from gone g join fresh f
    on (g.province = '') = (f.province = '') and (g.province = '' or g.country = f.country or g.province = f.province)
    and f.confirmed >= 0.5 * g.confirmed`;

/** The checks of a day's file against what is published. */
export const covidChecks: readonly BatchCheck[] = [
  {
    code: 'lines-unreadable',
    severity: 'block',
    stream: 'covid_report',
    label: {
      vi: 'Tệp có dòng bị cắt cụt hoặc không đọc được',
      en: 'The file has lines that are cut off or unreadable',
    },
    remedy: {
      vi: 'Đọc lại nguồn; nếu vẫn vậy, báo đơn vị cung cấp.',
      en: 'Read the source again; if it stays so, tell the provider.',
    },
    sql: unreadableLines,
    together: unreadableLines,
  },
  {
    code: 'total-dropped',
    severity: 'block',
    stream: 'covid_report',
    label: {
      vi: 'Tổng số ca lũy kế giảm quá 10 % so với tệp trước',
      en: 'The cumulative total fell by more than 10 % against the file before',
    },
    remedy: {
      vi: 'Kiểm tra tệp có đủ dòng; nếu nguồn thật sự điều chỉnh, phát hành lô bằng quyết định riêng.',
      en: 'See whether the file is whole; if the source truly corrected it, release the batch by decision.',
    },
    when: somethingLess,
    sql: fallenTotal,
    together: someLess,
  },
  {
    code: 'dimension-member-renamed',
    severity: 'block',
    stream: 'covid_report',
    label: {
      vi: 'Một địa danh đã biết biến mất và một địa danh lạ xuất hiện',
      en: 'A known place disappeared and an unknown one appeared',
    },
    remedy: {
      vi: 'Nếu nguồn đổi tên, thêm một dòng vào connectors/covid-daily/aliases.csv rồi xử lý lại lô.',
      en: 'If the source renamed it, add a line to connectors/covid-daily/aliases.csv and replay the batch.',
    },
    when: somethingLess,
    sql: renamedMember,
    together: someLess,
  },
];

function vanished(): readonly (readonly [string, string, string, string])[] {
  return tableRows(connectorFile('covid-daily/vanished-members.csv')).map((row) => [
    row['country'] ?? '',
    row['province'] ?? '',
    row['valid_from'] ?? '',
    row['valid_to'] ?? '',
  ]);
}
