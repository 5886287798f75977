import { z } from 'zod';
import { localized, path, template, word } from './word.ts';

/** Types a column may have. */
const columnType = z
  .templateLiteral([
    z.enum(['varchar', 'bigint', 'integer', 'boolean', 'date', 'timestamp', 'timestamptz']),
  ])
  .or(z.templateLiteral(['decimal(', z.int(), ',', z.int(), ')']));

/** How a text that names a unit becomes its code, as in force on the row's day. */
const naming = {
  by: z.enum(['code', 'name', 'either']).default('either'),
  /** The column with the row's day; without it, the day on which the bytes came. */
  on: word.exactOptional(),
  /** What becomes of a row whose unit is not found, or of several that fit. */
  unresolved: z.enum(['quarantine', 'null']).default('quarantine'),
};

const area = z.strictObject({
  level: z.enum(['province', 'district', 'commune']).default('commune'),
  /** Codes of the provinces in which a name counts: names of communes repeat across the country. */
  provinces: z
    .array(z.string().regex(/^\d\d$/))
    .min(1)
    .exactOptional(),
  ...naming,
});

const dictionary = z.record(z.string(), z.string());

/** One column: where it comes from, what it is, and who may see it. */
export const column = z.strictObject({
  name: word,
  /** Header, or path in the record; `^` leads to the record around it. The name by default. */
  from: path.exactOptional(),
  /** A text of our own instead: settings and slices. */
  value: template.exactOptional(),
  /** A fingerprint of the texts of these columns, for records without a number of their own. */
  digest: z.array(word).min(1).exactOptional(),
  /** The name of the file or page that the record came in. */
  receipt: z.literal('name').exactOptional(),
  type: columnType,
  label: localized,
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']),
  unit: z.string().min(1).exactOptional(),
  /** Where the record prints the unit of its number (`nghìn người`); multipliers are applied, another unit is refused. */
  unitFrom: path.exactOptional(),
  /** The text names an administrative unit, by code or name, and becomes its code. */
  area: area.exactOptional(),
  /** The text names an agency that the home knows, and becomes its code. */
  agency: z.strictObject(naming).exactOptional(),
  required: z.boolean().default(false),
  /** The source may leave the column out altogether. */
  optional: z.boolean().default(false),
  /** strptime spellings, `iso`, `epoch`, `epoch-ms`, `excel`; for dates and times. */
  formats: z.array(z.string().min(1)).min(1).exactOptional(),
  zone: z.string().min(1).exactOptional(),
  /** How numbers are written: `vi` is 1.234,5. */
  numbers: z.enum(['plain', 'vi']).exactOptional(),
  /** Factor that brings the value to its unit, e.g. 1000. */
  times: z.int().min(1).exactOptional(),
  /** Texts that mean "no value". */
  blanks: z.array(z.string().min(1)).exactOptional(),
  /** Codes and what they become; an unknown code sends the row to quarantine. Or the name of a dictionary. */
  dictionary: z.union([word, dictionary]).exactOptional(),
  /** The first group of this pattern is the value. */
  extract: z.string().min(1).max(500).exactOptional(),
  oneOf: z.array(z.string()).min(1).exactOptional(),
  matches: z.string().min(1).max(500).exactOptional(),
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
});

/** Named code lists. */
export const dictionaries = z.record(word, dictionary);

/** A declared column. */
export type ManifestColumn = z.infer<typeof column>;
