import { open } from 'node:fs/promises';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { makeLookup } from '../decode/lookup-table.ts';
import { typeTable } from '../decode/typed-select.ts';
import type { SdmxConfig } from './config.ts';
import { readCsvMessage } from './csv-message.ts';
import { readJsonMessage } from './json-message.ts';
import { sdmxPeriod } from './period.ts';
import { TextTable } from './text-table.ts';
import { readXmlMessage, type MessageFacts } from './xml-message.ts';
import { stagePublished } from '../socioeconomic-figure.ts';

/** Decodes one message, of whatever format its first characters tell. */
export async function decodeSdmx(session: DecodeSession, config: SdmxConfig): Promise<void> {
  const [file] = session.files;
  if (file === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  const { prepared } = await readMessage(session, file, config);
  await makeLookup(session, {
    into: 'sdmx_periods',
    from: 'sdmx_texts',
    column: 'period_given',
    columns: ['period'],
    read: (text) => {
      const period = sdmxPeriod(text);
      return period === undefined ? undefined : [period];
    },
  });
  await typeFigures(session, config, prepared);
  await settleDeletions(session, config, file);
}

async function readMessage(
  session: DecodeSession,
  file: LandedFile,
  config: SdmxConfig,
): Promise<MessageFacts> {
  const first = await firstSign(file);
  if (first === '') throw fileTrouble('file-empty', file, '');
  if (first !== '<' && first !== '{') {
    await readCsvMessage(session, file, 'sdmx_texts', config);
    return { prepared: undefined };
  }
  const table = await TextTable.make(session, 'sdmx_given', file.n, config);
  const read = first === '<' ? readXmlMessage : readJsonMessage;
  const facts = await read(file, table, config);
  await table.close();
  await session.run(`create or replace temp table sdmx_texts as
    select *, null::varchar as _malformed, period_given is null as is_partial from sdmx_given`);
  return facts;
}

/** Digits and exponent; the multiplier joins the exponent, so no value is computed in floats. */
const scaled = `case when value is null then null
  when regexp_full_match(value, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?')
  then concat(regexp_extract(value, '^[^eE]+'), 'e',
    coalesce(try_cast(nullif(regexp_extract(value, '[eE](.*)$', 1), '') as integer), 0)
      + coalesce(try_cast(multiplier as integer), 0))
  else value end`;

/** Texts that stand for a missing value. */
const missing = `upper(trim(value)) in ('NAN', '-', ':', '')`;

async function typeFigures(
  session: DecodeSession,
  { publisher, vintages, zone }: SdmxConfig,
  prepared: string | undefined,
): Promise<void> {
  const vintage = Object.entries(vintages).map(
    ([status, name]) => `when ${literal(status)} then ${literal(name)}`,
  );
  await session.run(`create or replace temp table sdmx_rows as
    select t.* replace (
      case when ${missing} then null else value end as value,
      coalesce(t._malformed, case when p.period is null and not is_partial then 'date-invalid' end) as _malformed),
      value as value_given, p.period
    from sdmx_texts t left join sdmx_periods p on p.given = t.period_given`);
  await typeTable(session, 'decoded_socioeconomic_figure', {
    from: 'sdmx_rows',
    columns: [
      { name: 'publisher', type: 'varchar', from: literal(publisher), form: 'clean' },
      { name: 'dataset', type: 'varchar', from: 'dataset', blank: `''` },
      { name: 'indicator', type: 'varchar', from: 'indicator', blank: `''` },
      { name: 'indicator_name', type: 'varchar', from: 'indicator_name' },
      { name: 'area', type: 'varchar', from: 'area', blank: `''` },
      { name: 'area_name', type: 'varchar', from: 'area_name' },
      { name: 'period', type: 'varchar', from: 'period', required: true },
      { name: 'period_as_given', type: 'varchar', from: 'period_given' },
      { name: 'breakdown', type: 'varchar', from: 'breakdown', blank: `''` },
      { name: 'breakdown_name', type: 'varchar', from: 'null::varchar' },
      {
        name: 'vintage',
        type: 'varchar',
        from: vintage.length === 0 ? `''` : `case status ${vintage.join(' ')} else '' end`,
        form: 'value',
      },
      { name: 'value', type: 'decimal(38,12)', from: scaled },
      { name: 'unit', type: 'varchar', from: 'unit' },
      { name: 'value_as_given', type: 'varchar', from: 'value_given' },
      { name: 'unit_as_given', type: 'varchar', from: 'unit' },
      { name: 'multiplier', type: 'integer', from: 'multiplier' },
      { name: 'status', type: 'varchar', from: 'status' },
      { name: 'decimals', type: 'integer', from: 'decimals' },
      { name: 'aggregate_over', type: 'varchar', from: 'aggregate_over' },
    ],
    raw: 'record',
    ...(prepared === undefined
      ? {}
      : { publishedAt: stagePublished(isoInstant(literal(prepared), zone)) }),
  });
}

/**
 * Delete actions become tombstones, and hold the batch until a person
 * has approved the file. A delete that names no whole key would delete many: it is never carried out from here.
 */
async function settleDeletions(
  session: DecodeSession,
  { approvedDeletions }: SdmxConfig,
  { sha256 }: LandedFile,
): Promise<void> {
  const table = quoted('decoded_socioeconomic_figure');
  const reason = approvedDeletions.includes(sha256) ? 'null' : literal('delete-needs-approval');
  const deletes = `select _file, _row, is_partial, status from sdmx_rows where upper(left(action, 1)) = 'D'`;
  await session.run(`update ${table} d set _reason = ${reason}, _field = null, _value = null, _raw = null, _status = 'deleted'
      from (${deletes}) t where t._file = d._file and t._row = d._row and not t.is_partial and d.period is not null;
    update ${table} d set _status = 'quarantined', _reason = 'delete-wildcard', _field = null, _value = null,
        _raw = coalesce(d._raw, t.record)
      from (select r._file, r._row, r.record from sdmx_rows r where upper(left(r.action, 1)) = 'D' and r.is_partial) t
      where t._file = d._file and t._row = d._row`);
}

/** The first character that is no blank and no byte order mark; '' for a file without any. */
async function firstSign({ path }: LandedFile): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart()
      .slice(0, 1);
  } finally {
    await handle.close();
  }
}
