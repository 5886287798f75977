import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from '../decode/csv.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { readHead } from '../decode/file-head.ts';
import { literalList } from '../decode/sql-text.ts';
import { attributeNames, isDimension, notApplicable, totalCode } from './components.ts';
import type { SdmxConfig } from './config.ts';

/** Columns of SDMX-CSV that are no components. */
const messageColumns = new Set([
  'DATAFLOW',
  'STRUCTURE',
  'STRUCTURE_ID',
  'STRUCTURE_NAME',
  'ACTION',
  'SERIES_KEY',
  'OBS_KEY',
]);

/** How a file is written: its first header cell tells, `STRUCTURE[;]` also what separates several values. */
const beginning = /^"?(STRUCTURE|DATAFLOW)(?:\[[^\]]*\])?"?([,;\t])/;

/**
 * Reads SDMX-CSV 1.0 or 2.0 into the table of texts, in SQL: components by header id, whatever labels are written
 * beside; a file separated by semicolons has decimal commas.
 */
export async function readCsvMessage(
  session: DecodeSession,
  file: LandedFile,
  into: string,
  config: SdmxConfig,
): Promise<void> {
  const { line } = await readHead(file);
  const [, , delimiter = ''] = beginning.exec(line) ?? [];
  if (delimiter !== ',' && delimiter !== ';' && delimiter !== '\t')
    throw fileTrouble('header-missing-column', file, 'STRUCTURE, DATAFLOW');
  const names = await readCsv(session, file, {
    into: 'sdmx_lines',
    delimiter,
    rename: componentId,
    required: [config.time],
  });
  if (!config.measures.some((measure) => names.includes(measure)))
    throw fileTrouble('header-missing-column', file, config.measures.join(', '));
  const selects = config.measures
    .filter((measure) => names.includes(measure))
    .map((measure) => selectOf(measure, names, line, config, delimiter === ';'));
  await session.run(
    `create or replace temp table ${quoted(into)} as ${selects.join(' union all ')}`,
  );
}

/** The id of a header cell: without `: label`, `[]`, `[en;fr]`. */
function componentId(header: string): string {
  return header
    .replace(/: .*$/s, '')
    .replace(/\[[^\]]*\]$/, '')
    .trim();
}

function selectOf(
  measure: string,
  names: readonly string[],
  header: string,
  config: SdmxConfig,
  decimalComma: boolean,
): string {
  const labelled = header.includes(': ');
  const code = (name: string | undefined) => {
    if (name === undefined || !names.includes(name)) return 'null::varchar';
    const text = `nullif(trim(${quoted(name)}), '')`;
    return labelled ? `regexp_replace(${text}, ': .*$', '', 's')` : text;
  };
  const label = (name: string | undefined) =>
    labelled && name !== undefined && names.includes(name)
      ? `nullif(regexp_extract(${quoted(name)}, ': (.*)$', 1), '')`
      : 'null::varchar';
  const dimensions = names.filter((name) => !messageColumns.has(name) && isDimension(name, config));
  const indicator = config.indicator.find((name) => dimensions.includes(name));
  const area = config.area.find((name) => dimensions.includes(name));
  const others = dimensions.filter((name) => ![indicator, area, config.time].includes(name));
  const attribute = (wanted: readonly string[]) =>
    code(wanted.find((name) => names.includes(name)));
  const value = code(measure);
  const structure = code(names.includes('STRUCTURE_ID') ? 'STRUCTURE_ID' : 'DATAFLOW');
  const members = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  const measured = config.measures.length > 1 ? [['MEASURE', literal(measure)] as const] : [];
  const divided = [...others.map((name) => [name, code(name)] as const), ...measured];
  return `select _file, _row, _malformed, coalesce(_line, to_json({${members}})::varchar) as record,
    ${config.dataset === undefined ? `regexp_extract(${structure}, '^[^(:\\s]+:[^(:\\s]+')` : literal(config.dataset)} as dataset,
    coalesce(${code('ACTION')}, 'I') as action,
    ${applicable(code(indicator))} as indicator, ${label(indicator)} as indicator_name,
    ${applicable(code(area))} as area, ${label(area)} as area_name,
    ${code(config.time)} as period_given, ${breakdown(divided)} as breakdown,
    ${attribute(attributeNames.unit)} as unit, ${attribute(attributeNames.multiplier)} as multiplier,
    ${attribute(attributeNames.decimals)} as decimals, ${attribute(attributeNames.status)} as status,
    ${decimalComma ? `case when regexp_full_match(${value}, '[+-]?[0-9]+,[0-9]+') then replace(${value}, ',', '.') else ${value} end` : value} as value,
    ${totals(dimensions, code, config)} as aggregate_over,
    ${dimensions.map((name) => `${code(name)} is null`).join(' or ')} as is_partial
  from sdmx_lines`;
}

function applicable(sql: string): string {
  return `case when ${sql} is null or list_contains(${literalList(notApplicable)}, ${sql}) then '' else ${sql} end`;
}

/** SQL that spells a breakdown as `breakdownKey` does. */
function breakdown(divided: readonly (readonly [string, string])[]): string {
  const parts = [...divided]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        name,
        sql,
      ]) => `case when ${sql} is not null and not list_contains(${literalList(notApplicable)}, ${sql})
        then concat(${literal(`${name}=`)}, replace(replace(replace(${sql}, '%', '%25'), '|', '%7C'), '=', '%3D')) end`,
    );
  return parts.length === 0 ? `''` : `array_to_string([${parts.join(', ')}], '|')`;
}

function totals(
  dimensions: readonly string[],
  code: (name: string) => string,
  config: SdmxConfig,
): string {
  const parts = dimensions.toSorted().map((name) => {
    const codes = literalList([totalCode, ...(config.totals[name] ?? [])]);
    return `case when list_contains(${codes}, ${code(name)}) then ${literal(name)} end`;
  });
  return `nullif(array_to_string([${parts.join(', ')}], ','), '')`;
}
