import { z } from 'zod';
import { localized, path, template, word } from './word.ts';

/** Types a column may have. */
const columnType = z
  .templateLiteral([
    z.enum(['varchar', 'bigint', 'integer', 'boolean', 'date', 'timestamp', 'timestamptz']),
  ])
  .or(z.templateLiteral(['decimal(', z.int(), ',', z.int(), ')']));

const dictionary = z.record(z.string(), z.string());

/** One column: where it comes from, what it is, and who may see it. */
export const column = z.strictObject({
  name: word,
  /** Header, or path in the record; `^` leads to the record around it. The name by default. */
  from: path.exactOptional(),
  /** A text of our own instead: settings and slices. */
  value: template.exactOptional(),
  type: columnType,
  label: localized,
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']),
  unit: z.string().min(1).exactOptional(),
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
