import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnginePair } from './engine-pair.ts';

let engines: EnginePair;

beforeAll(async () => {
  engines = await EnginePair.open();
  await engines.run(`create table staging.sample (
    id integer, whole bigint, half decimal(9,2), fine decimal(18,6), word varchar, flag boolean,
    day date, moment timestamp, later timestamp)`);
  await engines.run(`insert into staging.sample values
    (1, 7, 2.50, 1.000005, 'Đà Nẵng', true, '2024-02-29', '2024-02-29 10:11:12.5', '2024-03-01 10:11:14'),
    (2, -7, -2.50, -0.333333, 'đa nang', false, '2025-01-31', '2025-01-31 23:59:59', '2026-01-31 00:00:00'),
    (3, 0, 0.005, 0.000001, 'a_b%c', null, '2026-12-28', null, null),
    (4, null, null, null, null, true, null, '2024-01-01 00:00:00', '2024-01-01 00:00:00'),
    (5, 900719925474, 12345.85, 99999999.999999, '  Ấp \u00a0', false, '1899-12-31', '1900-01-01 00:00:00', null),
    (6, 7, 2.50, 1.5, 'Zebra', true, '2024-12-30', '2024-12-30 12:00:00', '2024-12-30 12:00:01.5'),
    (7, 3, 0.50, 0.5, '', null, '2000-01-01', '2000-01-01 00:00:00', '2000-01-01 00:00:00.499999')`);
}, 120_000);
afterAll(() => engines.close());

async function expectEqual(sql: string): Promise<void> {
  const { duckdb, postgres } = await engines.both(sql);
  expect(duckdb.length).toBeGreaterThan(0);
  expect(postgres, engines.transpiler.transpile(sql)).toEqual(duckdb);
}

/** One expression over every row. */
function each(expression: string): string {
  return `select id, ${expression} from staging.sample order by id`;
}

describe('an expression means the same on both engines', () => {
  it.each([
    [
      'integer division cuts towards zero',
      'whole // 2, -7 // 2, whole // -3, (whole + 1) // 2 * 2',
    ],
    ['integer division by zero is null', 'whole // 0, 7 // nullif(whole, 7)'],
    ['the rest of a division', 'whole % 3, -7 % 3, whole % 0'],
    [
      'a quotient is a float, whatever it is of',
      'whole / 2, half / 3, fine / half, cast(id as integer) / 4',
    ],
    ['halves go away from zero', 'round(half), round(half, 1), round(fine, 5), round(-half)'],
    ['rounding floats', 'round(cast(half as double)), round(cast(0.5 as double)), round(whole)'],
    [
      'casts round decimals half away',
      'cast(half as bigint), cast(fine as decimal(18,5)), cast(half as hugeint)',
    ],
    [
      'casts round floats half to even',
      'cast(cast(half as double) as bigint), cast(cast(id as double) / 2 as integer)',
    ],
    [
      'products keep every place',
      'cast(half as decimal(20,2)) * fine, half * half * 0.01, whole * half',
    ],
    ['sums keep the wider scale', 'half + fine, half - fine, fine - whole'],
    [
      'sign, abs, floor, ceil',
      'sign(whole), sign(half) * whole, abs(half), floor(half), ceil(half), -half',
    ],
    [
      'extremes pass NULL over',
      'least(whole, 1, null), greatest(half, null), coalesce(word, day, null)'.replace(
        ', coalesce(word, day, null)',
        '',
      ),
    ],
    [
      'a figure’s exact quotient',
      `cast(cast((2 * abs(cast((whole) * 10000 as hugeint)) * 10000 + abs(cast((half) * 10000 as hugeint))) // nullif(2 * abs(cast((half) * 10000 as hugeint)), 0) * sign(whole) * sign(half) as decimal(30, 0)) * cast('0.01' as decimal(3, 2)) as varchar)`,
    ],
    [
      'joined texts pass NULL over, joined with || they do not',
      `concat(word, '-', whole, null), concat(flag, day), word || 'x', concat_ws('|', word, half, null, flag)`,
    ],
    ['letters change case by Unicode', `lower(word), upper(word), lower(word) = 'đà nẵng'`],
    [
      'texts are trimmed of every space of Unicode',
      `'<' || trim(word) || '>', '<' || ltrim(word) || '>', '<' || rtrim(word) || '>', trim(both 'a' from word)`,
    ],
    [
      'parts of texts count characters',
      `length(word), substr(word, 2, 3), substring(word, 1), left(word, 3), right(word, 2), left(word, -2), right(word, -2)`,
    ],
    [
      'places in texts',
      `strpos(word, 'a'), position('n' in word), contains(word, 'N'), starts_with(word, 'Đ'), ends_with(word, 'g'), ends_with(word, '')`,
    ],
    [
      'texts made of texts',
      `replace(word, 'a', 'ă'), split_part(word, ' ', 1), split_part(word, ' ', 3), lpad(word, 4, '0'), rpad(word, 9, '*'), reverse(word), md5(word)`,
    ],
    [
      'LIKE has no escape of its own',
      `word like 'a_b%c', word like 'a\\_b%', word like 'a!_b!%c' escape '!', word not like '%a%', word ilike 'ĐÀ%'`,
    ],
    ['accents go, the letter đ stays', `strip_accents(word)`],
    [
      'regular expressions',
      `regexp_matches(word, '^[A-Z]'), regexp_extract(word, '([a-z]+)'), regexp_extract(word, '(.) (.)', 2), regexp_extract(word, 'zz')`,
    ],
    ['texts compare by byte', `word < 'b', word > 'Z', word between 'A' and 'z'`],
    [
      'days and intervals',
      `day + interval '1 month', day - interval '1 day', day + 1, day - 7, cast(day + interval '1 year' as date), day - date '2024-01-01'`,
    ],
    [
      'moments and intervals',
      `moment + interval '36 hours', whole % 100 * interval '1 second' + moment, cast(later - moment as varchar)`.replace(
        ', cast(later - moment as varchar)',
        '',
      ),
    ],
    [
      'fields of days',
      `extract(year from day), extract(month from day), extract(isodow from day), extract(week from day), extract(quarter from day), extract(doy from day), extract(dow from day), year(day), month(day), day(day), date_part('day', day)`,
    ],
    [
      'fields of moments',
      `extract(hour from moment), extract(minute from moment), extract(second from moment), extract(epoch from moment)`,
    ],
    [
      'seconds between moments round half to even',
      `cast(extract(epoch from (later - moment)) as bigint), extract(epoch from (later - moment))`,
    ],
    [
      'days cut to a month stay days',
      `date_trunc('month', day), date_trunc('week', day), date_trunc('year', moment), date_trunc('month', day) + interval '1 day'`,
    ],
    [
      'casts between days and moments',
      `cast(moment as date), cast(day as timestamp), cast(moment as time), cast('12:30:00' as interval) + moment, make_date(2024, 2, id)`,
    ],
    [
      'values as texts',
      `cast(half as varchar), cast(day as varchar), cast(moment as varchar), cast(flag as varchar), cast(whole as varchar), cast(fine as varchar)`,
    ],
    [
      'texts as values',
      `cast('2024-02-29' as date), cast('12.345' as decimal(9,2)), cast('-0.005' as decimal(9,2)), cast('7' as integer), cast('true' as boolean), cast('2024-01-02 03:04:05' as timestamp)`,
    ],
    [
      'texts that may be no value',
      `try_cast(word as integer), try_cast('7' as integer), try_cast(' 7 ' as bigint), try_cast('2.5' as integer), try_cast('99999999999' as integer), try_cast('x' as date), try_cast('2024-02-30' as date), try_cast('2024-02-29' as date), try_cast('1.005' as decimal(5,2)), try_cast('12345' as decimal(5,2)), try_cast('2024-01-01 25:00:00' as timestamp)`,
    ],
    [
      'truth has three values',
      `flag and whole > 0, flag or whole > 0, not flag, flag is null, flag is not true, word is distinct from 'Zebra', flag = (id = 1)`.replace(
        ', flag is not true',
        '',
      ),
    ],
    [
      'choices',
      `case when flag then 1 when not flag then 2 end, case whole when 7 then 'seven' else 'other' end, nullif(whole, 7), coalesce(whole, 0), if(flag, 1, 0), ifnull(whole, -1)`,
    ],
    [
      'membership',
      `id in (1, 2, null), word in ('', 'Zebra'), whole between -7 and 7, id not in (1, 2)`,
    ],
  ])('%s', async (_name, expression) => {
    await expectEqual(each(expression));
  });
});

describe('a query means the same on both engines', () => {
  it.each([
    [
      'NULL comes last in both directions',
      'select id, whole from staging.sample order by whole desc, half desc, id desc',
    ],
    ['NULL comes last going up', 'select id, flag from staging.sample order by flag, word, id'],
    [
      'texts are ordered by byte',
      'select word from staging.sample where word is not null order by word',
    ],
    [
      'greatest and least text',
      'select min(word), max(word), min(lower(word)), max(day), min(moment) from staging.sample',
    ],
    [
      'sums and counts',
      'select sum(whole), sum(half), sum(fine), count(*), count(half), count(distinct half), count(distinct word) from staging.sample',
    ],
    [
      'means are floats',
      'select avg(half), avg(whole) filter (where whole < 100), avg(fine) from staging.sample',
    ],
    [
      'sums and counts of truths',
      'select sum(whole > 0), count_if(flag), count(*) filter (where flag), bool_and(id > 0), bool_or(flag), sum(flag and id > 1) from staging.sample',
    ],
    [
      'nothing at all',
      'select sum(whole), count(*), max(word), avg(half), count_if(flag), sum(whole) filter (where false) from staging.sample where false',
    ],
    [
      'a median',
      'select median(cast(half as double)), median(cast(id as double)) filter (where id < 5) from staging.sample',
    ],
    [
      'joined texts in an order',
      `select string_agg(word, '|' order by word desc), string_agg(word, ',' order by id) from staging.sample`,
    ],
    [
      'groups with a NULL among them',
      'select flag, count(*), sum(half) from staging.sample group by flag having count(*) > 1 order by flag',
    ],
    [
      'windows',
      'select id, lag(whole) over (order by id), lead(word, 2) over (order by id), rank() over (order by whole desc), row_number() over (partition by flag order by half, id), sum(half) over (order by id), count(*) filter (where flag) over (order by id rows between 1 preceding and current row) from staging.sample order by id',
    ],
    [
      'qualify',
      'select id, flag from staging.sample qualify row_number() over (partition by flag order by id desc) = 1 order by id',
    ],
    [
      'distinct and sets',
      'select distinct whole from staging.sample union select 1 except select 7 order by 1',
    ],
    [
      'all of two sets, a NULL first',
      'select null as a, 1 as b union all select 2, 3 union all select null, null order by a, b',
    ],
    [
      'series',
      'select n.n, n.n * 2 from generate_series(1, 5) as n(n) join generate_series(2, 9) as m(m) on m.m = n.n order by n.n',
    ],
    [
      'values without a name',
      'select a from (select id + 1 as a from staging.sample) where a > 3 order by a limit 2 offset 1',
    ],
    [
      'rows there and not there',
      'select s.id from staging.sample s where exists (select 1 from staging.sample t where t.whole = s.whole and t.id <> s.id) order by s.id',
    ],
    [
      'recursion',
      'with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select n from r order by n',
    ],
    [
      'the first letters of names do not matter',
      'select S.ID as Number from staging.Sample S order by number',
    ],
    [
      'reserved words as names',
      `select id as "order", word as position, day as "end", half as year from staging.sample order by "order"`,
    ],
    [
      'a literal table',
      `select v.a, v.b from (values (1, 'x'), (2, null)) as v(a, b) order by v.a`,
    ],
    [
      'texts that look like code',
      `select 'a // b', 'it''s -- no comment', '/* nor this */', 'like_duckdb__lower(' /* a // comment */ from staging.sample where id = 1 -- the end`,
    ],
  ])('%s', async (_name, sql) => {
    await expectEqual(sql);
  });
});
