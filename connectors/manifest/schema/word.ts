import { z } from 'zod';

/** Words for people, in both languages. */
export const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });

/** A name of a stream, column, setting or secret. */
export const word = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: 'snake_case: a–z, 0–9, _' })
  .max(63);

/** A text in which `{{ … }}` stands for a setting, secret, window, slice or page (see template.ts). */
export const template = z.string().max(4000);

/** An ISO 8601 duration of one or more whole parts, e.g. `P1M`, `P7D`, `PT30S`. */
export const duration = z
  .string()
  .regex(/^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/, {
    error: 'ISO 8601 duration, e.g. P1M, P7D, PT30S',
  });

/** A way into a document: `data.items[0].name`; names with other characters in double quotes: `"@iot.id"`. */
export const path = z.string().max(500);
