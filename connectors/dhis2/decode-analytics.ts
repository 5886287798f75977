import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { literal } from '../../core/sql-text.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { typeTable } from '../decode/typed-select.ts';
import { jsonDocuments } from '../decode/json-source.ts';
import { periodColumns, withPeriods } from './decode-values.ts';

const shape = JSON.stringify({ headers: [{ name: 'VARCHAR' }], rows: [['VARCHAR']] });

/** Headers that carry no dimension of the cell. */
const figures = ['value', 'numerator', 'denominator', 'factor', 'multiplier', 'divisor'];

/** Types the answers of analytics queries: cells found by the names of their headers, never by position. */
export async function decodeAnalytics(session: DecodeSession): Promise<void> {
  const answers = session.files.map(
    (file) => `select ${file.n}::integer as _file, ${literal(queryOf(file.request))} as query,
      json_transform(json, ${literal(shape)}) as answer
      from ${jsonDocuments([file])}`,
  );
  await session.run(`create or replace temp table answers as ${answers.join(' union all ')}`);
  await refuseStrange(session);
  const at = (name: string) => `cells[list_position(names, ${literal(name)})]`;
  await session.run(`create or replace temp table cells as
    select _file, row_number() over (partition by _file order by place) as _row,
      case when cells is null then 'record-not-object' end as _malformed, query, to_json(cells)::varchar as record,
      ${at('dx')} as data_item, coalesce(${at('pe')}, '') as period_given, ${at('ou')} as org_unit,
      array_to_string(list_sort(list_transform(
        list_filter(list_zip(names, cells), lambda one: not list_contains(
          ['dx', 'pe', 'ou', ${figures.map(literal).join(', ')}], one[1])),
        lambda one: concat(one[1], '=', one[2]))), '|') as breakdown,
      ${at('value')} as value
    from (select _file, query, list_transform(answer.headers, lambda one: one.name) as names,
      unnest(answer.rows) as cells, generate_subscripts(answer.rows, 1) as place from answers)`);
  await typeTable(session, 'decoded_health_analytics', {
    from: await withPeriods(session, 'cells'),
    columns: [
      { name: 'query', type: 'varchar', from: 'query', form: 'clean' },
      { name: 'data_item', type: 'varchar', from: 'data_item', required: true },
      ...periodColumns,
      { name: 'org_unit', type: 'varchar', from: 'org_unit', required: true },
      { name: 'breakdown', type: 'varchar', from: 'breakdown', blank: `''` },
      { name: 'value', type: 'decimal(38,12)', from: 'value', required: true },
    ],
    raw: 'record',
  });
}

async function refuseStrange(session: DecodeSession): Promise<void> {
  const strange = await session.rows(`select _file::varchar as n from answers
    where answer.rows is null or not list_contains(list_transform(answer.headers, lambda one: one.name), 'value')`);
  const file = session.files.find(({ n }) => String(n) === strange[0]?.['n']);
  if (file) throw fileTrouble('records-missing', file, 'headers, rows');
}

function queryOf(request: LandedFile['request']): string {
  const query = request?.['query'];
  return typeof query === 'string' ? query : '';
}
