import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { decodeLineRecords } from '../decode/line-records.ts';
import type { RecordField } from '../decode/record-decoder.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import type { FhirConfig } from './config.ts';
import type { FhirElement, FhirResource } from './resources.ts';
import { fhirStreams, resourcesOf } from './streams.ts';

/**
 * Decodes the files of one export: resources line by line into the stream of their type, and the entries of `deleted`
 * bundles as tombstones. A line of another type than its file's is quarantined.
 */
export async function decodeFhir(session: DecodeSession, config: FhirConfig): Promise<void> {
  const partOf = ({ request }: LandedFile) => request?.['part'];
  for (const resource of resourcesOf(config.types)) {
    const files = session.files.filter(
      (file) => partOf(file) === 'output' && file.request?.['resourceType'] === resource.type,
    );
    if (files.length === 0) await session.run(emptySql(resource, config));
    else await decodeResource(session, files, resource, config);
  }
  const deleted = session.files.filter((file) => partOf(file) === 'deleted' && file.bytes > 0);
  if (deleted.length > 0) await decodeDeleted(session, deleted, config);
}

async function decodeResource(
  session: DecodeSession,
  files: readonly LandedFile[],
  { type, stream, elements }: FhirResource,
  { zone }: FhirConfig,
): Promise<void> {
  await decodeLineRecords(session, files, {
    into: 'resources',
    records: '',
    fields: [
      { as: 'resource_type', from: 'resourceType' },
      { as: 'resource_id', from: 'id' },
      { as: 'version_id', from: 'meta.versionId' },
      { as: 'updated', from: 'meta.lastUpdated' },
      ...elements.flatMap(fieldsOf),
    ],
  });
  await typeTable(session, `decoded_${stream}`, {
    from: `(select * replace (coalesce(_malformed,
        case when resource_type is distinct from ${literal(type)} then 'resource-type-differs' end) as _malformed)
      from resources)`,
    columns: [
      { name: 'resource_id', type: 'varchar', from: 'resource_id', required: true },
      { name: 'version_id', type: 'varchar', from: 'version_id' },
      ...instantColumn('updated_at', 'updated', zone),
      ...elements.flatMap((element) => typedColumns(element, zone)),
    ],
    raw: '_raw',
    publishedAt: 'updated_at',
  });
  await session.run(`create or replace temp table ${quoted(`decoded_${stream}`)} as
    select * exclude (updated_at__stated)
    from ${quoted(`decoded_${stream}`)}`);
}

/** Texts that are drawn from a resource for one element: one for each path it may stand at. */
function fieldsOf({ column, kind, paths }: FhirElement): readonly RecordField[] {
  return paths.flatMap((path, at) => {
    const own = (part: string, from: string) => ({ as: `${column} ${at}${part}`, from });
    if (kind === 'code') return [own(' codings', `${path}.coding`), own(' text', `${path}.text`)];
    return [own('', path)];
  });
}

function typedColumns(element: FhirElement, zone: string): readonly TypedColumn[] {
  const { column, kind, paths } = element;
  const first = (part = '') =>
    `coalesce(${[...paths.map((_, at) => quoted(`${column} ${at}${part}`)), 'null::varchar'].join(', ')})`;
  switch (kind) {
    case 'text':
      return [{ name: column, type: 'varchar', from: first() }];
    case 'flag':
      return [{ name: column, type: 'boolean', from: first() }];
    case 'number':
      return [{ name: column, type: 'decimal(38,12)', from: first() }];
    case 'code':
      return codeColumns(column, first(' codings'), first(' text'));
    case 'coding':
      // R4 has one coding here, R5 a list of concepts.
      return codeColumns(
        column,
        `case json_type(try_cast(${first()} as json)) when 'OBJECT' then '[' || ${first()} || ']'
          when 'ARRAY' then json_extract_string(${first()}, '$[0].coding') end`,
        'null::varchar',
      );
    case 'reference':
      return [
        { name: `${column}_ref`, type: 'varchar', from: first() },
        { name: `${column}_id`, type: 'varchar', from: referredId(first()) },
      ];
    case 'moment':
      return momentColumns(column, first(), zone);
  }
}

function codeColumns(column: string, codings: string, text: string): readonly TypedColumn[] {
  const own = (member: string) => `json_extract_string(${codings}, '$[0].${member}')`;
  const all = `json_transform(${codings}, '[{"system":"VARCHAR","code":"VARCHAR"}]')`;
  return [
    { name: `${column}_system`, type: 'varchar', from: own('system') },
    { name: `${column}_code`, type: 'varchar', from: own('code') },
    { name: `${column}_display`, type: 'varchar', from: `coalesce(${own('display')}, ${text})` },
    {
      name: `${column}_codings`,
      type: 'varchar',
      from: `array_to_string(list_transform(${all}, lambda c: concat(c.system, '|', c.code)), ';')`,
    },
  ];
}

/** The id in a reference that names a resource (`Patient/1`, an address, `urn:uuid:…`); a search by identifier names none. */
function referredId(reference: string): string {
  return `case when ${reference} like 'urn:uuid:%' then substr(${reference}, 10)
    when not contains(${reference}, '?') and not starts_with(${reference}, '#')
    then nullif(regexp_extract(${reference}, '(^|/)[A-Z][A-Za-z]+/([A-Za-z0-9.-]{1,64})(/_history/[^/]+)?$', 2), '') end`;
}

const fullDate = '[0-9]{4}-[0-9]{2}-[0-9]{2}';

/** A date may be a year or a month alone; a time says its offset, or is in the configured zone. */
function momentColumns(column: string, given: string, zone: string): readonly TypedColumn[] {
  const hasTime = `contains(${given}, 'T')`;
  const isPartial = `regexp_full_match(${given}, '[0-9]{4}(-(0[1-9]|1[0-2]))?')`;
  return [
    { name: `${column}_given`, type: 'varchar', from: given },
    {
      name: `${column}_on`,
      type: 'date',
      from: `case when ${isPartial} then null
        when ${hasTime} then coalesce(strftime(${isoInstant(given, zone)} at time zone ${literal(zone)}, '%Y-%m-%d'), ${given})
        else ${given} end`,
      formats: ['%Y-%m-%d'],
    },
    {
      name: `${column}_at`,
      type: 'timestamptz',
      form: 'value',
      from: `case when ${hasTime} then ${isoInstant(given, zone)} end`,
    },
  ];
}

/** An instant; a text that is none sends the row to quarantine by the date beside it, which is dropped afterwards. */
function instantColumn(name: string, text: string, zone: string): readonly TypedColumn[] {
  const instant = isoInstant(text, zone);
  return [
    { name, type: 'timestamptz', form: 'value', from: instant },
    {
      name: `${name}__stated`,
      type: 'date',
      formats: ['%Y-%m-%d'],
      from: `case when ${instant} is null then ${text} else regexp_extract(${text}, '${fullDate}') end`,
    },
  ];
}

async function decodeDeleted(
  session: DecodeSession,
  files: readonly LandedFile[],
  config: FhirConfig,
): Promise<void> {
  await decodeLineRecords(session, files, {
    into: 'deletions',
    records: 'entry[]',
    fields: [
      { as: 'method', from: 'request.method' },
      { as: 'url', from: 'request.url' },
    ],
  });
  const [broken] = await session.rows(
    'select _file::varchar as n from deletions where _malformed is not null limit 1',
  );
  const file = files.find(({ n }) => String(n) === broken?.['n']);
  if (file !== undefined) throw fileTrouble('line-malformed', file, '');
  const times = files.map(
    ({ n, request }) => `(${n}, ${literal(textOf(request?.['transactionTime']))})`,
  );
  for (const { type, stream } of resourcesOf(config.types)) {
    const decoded = quoted(`decoded_${stream}`);
    const id = `nullif(regexp_extract(d.url, '(^|/)${type}/([A-Za-z0-9.-]{1,64})$', 2), '')`;
    await session.run(`insert into ${decoded} by name
      select ${id} as resource_id, d._file, d._row, try_cast(t.told_at as timestamptz) as _published_at,
        case when d.method = 'DELETE' and ${id} is not null then 'deleted' else 'quarantined' end as _status,
        case when d.method = 'DELETE' and ${id} is not null then null else 'deletion-unreadable' end as _reason,
        case when d.method = 'DELETE' and ${id} is not null then null else d._raw end as _raw
      from deletions d join (values ${times.join(', ')}) t(n, told_at) on t.n = d._file
      where regexp_matches(coalesce(d.url, ''), '(^|/)${type}(/|[?]|$)')`);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function emptySql({ stream }: FhirResource, config: FhirConfig): string {
  const columns = fhirStreams(config).find((one) => one.stream === stream)?.columns ?? [];
  const own = columns.map(({ name, type }) => `${quoted(name)} ${type}`);
  return `create or replace temp table ${quoted(`decoded_${stream}`)} (${own.join(', ')}, _file integer, _row bigint,
    _published_at timestamptz, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar)`;
}
