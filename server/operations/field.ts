import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import { roles } from '../../core/role.ts';

/** Name of a source, report, user …: what a path segment, a file name and a shell line can carry. */
export const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u)
  .max(100);

/** Reference of interfaces.md, or a short code. */
export const reference = z.string().min(1).max(500);

/** Opaque id of a batch, an extract, a quarantined row … */
export const id = z.string().min(1).max(200);

/** ISO instant, or a date meaning its end. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/);

/** `YYYY-MM-DD`. */
export const day = z.iso.date();

/** A period as in interfaces.md; the service reads it. */
export const period = z.string().min(4).max(40);

/** Why a decision was taken, for the journal. */
export const reason = z.string().min(1).max(2000);

/** A switch in a query string. */
export const flag = z.stringbool();

/** Any JSON object in a request; its members are checked by the service that owns their schema. */
export const jsonInput: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** An object in an answer whose members the service declares. */
export const jsonObject = z.looseObject({});

/** A list of such objects. */
export const jsonObjects = z.array(jsonObject);

/** How a list is cut. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
  after: z.string().min(1).max(500).exactOptional(),
};

/** A page of a list. */
export const page = z.object({ items: jsonObjects, next: z.string().optional() });

/** Both languages. */
export const localized = z.object({ vi: z.string(), en: z.string() });

const fileLink = z.object({ name: z.string(), mediaType: z.string(), url: z.string() });

/** Where a file can be fetched. */
export type FileLink = z.infer<typeof fileLink>;

/** Where files can be fetched. */
export const fileLinks = z.object({ files: z.array(fileLink) });

/** One of the seven. */
export const role = z.enum(roles);

/** Everyone who reads a source: all, and a department its own agency's. */
export const readers = {
  statistician: 'all',
  leader: 'all',
  department: 'own',
  auditor: 'all',
  steward: 'all',
  operator: 'all',
  admin: 'all',
} as const;
