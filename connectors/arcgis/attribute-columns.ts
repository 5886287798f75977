import { literal, quoted } from '../../core/sql-text.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import type { TypedColumn } from '../decode/typed-select.ts';
import type { ArcgisConfig, ArcgisLayer } from './config.ts';
import type { LayerDescription } from './layer-description.ts';

/** What the columns of a layer are made from. */
export interface LayerAttributes {
  readonly config: ArcgisConfig;
  readonly layer: ArcgisLayer;
  /** Absent for features that were saved as files. */
  readonly description: LayerDescription | undefined;
  /** Names of attributes that the features have, in every spelling. */
  readonly names: readonly string[];
  readonly file: { readonly name: string };
}

type Column = ArcgisLayer['columns'][number];

const iso = ['%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d'];

/**
 * The columns of a layer's stream over its features. Attributes are found in any letter case, which changes between
 * versions of a service; coded values become the names of their domain. Throws data `header-missing-column` for a
 * declared attribute that no feature has.
 */
export function attributeColumns(of: LayerAttributes): readonly TypedColumn[] {
  return [
    ...of.layer.columns.map((column) => typed(of, column)),
    { name: 'object_id', type: 'varchar', from: quoted('object id') },
    ...['geometry', 'geometry_type'].map((name): TypedColumn => ({
      name,
      type: 'varchar',
      from: name,
      form: 'clean',
    })),
    ...['west', 'south', 'east', 'north'].map((name): TypedColumn => ({
      name,
      type: 'decimal(12,8)',
      from: of.layer.geometry ? name : 'null::decimal(12,8)',
      form: 'value',
    })),
  ];
}

function typed(of: LayerAttributes, column: Column): TypedColumn {
  const { name, type, formats, coded } = column;
  const text = attributeText(of, column);
  const names = of.description?.domains.get((column.from ?? name).toLowerCase());
  const required = of.layer.key.includes(name) ? ({ required: true } as const) : {};
  if (names !== undefined && coded === 'name')
    return { name, type, from: named(text, names), oneOf: [...names.values()], ...required };
  if (type === 'date' || type === 'timestamp' || type === 'timestamptz')
    return {
      name,
      type,
      from: dateText(text, of.config.timeZone),
      formats: [...iso, ...formats],
      zone: of.config.timeZone,
      ...required,
    };
  return { name, type, from: text, ...required };
}

/** SQL for the text of an attribute, whichever of its spellings a feature has. */
function attributeText({ names, file }: LayerAttributes, { name, from = name }: Column): string {
  const spellings = names.filter((one) => one.toLowerCase() === from.toLowerCase());
  if (spellings.length === 0 && names.length > 0)
    throw fileTrouble('header-missing-column', file, from);
  const values = spellings.map((one) => `properties ->> ${literal(one)}`);
  return values.length === 0 ? 'null::varchar' : `coalesce(${values.join(', ')})`;
}

/** SQL for the domain's name of a code; a code the domain lacks stays as it is, and is no name. */
function named(text: string, names: ReadonlyMap<string, string>): string {
  const whens = [...names].map(
    ([code, name]) => `when ${literal(code)} then ${literal(name.normalize('NFC').trim())}`,
  );
  return whens.length === 0 ? text : `case trim(${text}) ${whens.join(' ')} else ${text} end`;
}

/** SQL for a date as ISO text in the zone: epoch milliseconds are instants, `4/21/2006 12:00:00 AM` is written in the zone. */
function dateText(text: string, zone: string): string {
  const american = String.raw`\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2} [AP]M`;
  const shown = (time: string) => `strftime(${time}, '%Y-%m-%d %H:%M:%S.%f')`;
  return `case when regexp_full_match(${text}, '-?\\d{1,15}([.]0*)?')
      then ${shown(`make_timestamptz(split_part(${text}, '.', 1)::bigint * 1000) at time zone ${literal(zone)}`)}
    when regexp_full_match(${text}, ${literal(american)})
      then ${shown(`try_strptime(${text}, '%m/%d/%Y %I:%M:%S %p')`)}
    else ${text} end`;
}
