import { z } from 'zod';
import { request } from './request-schema.ts';
import { fieldCondition } from './condition-schema.ts';
import { duration, path, template, word } from './word.ts';

const size = z.int().min(1).max(100_000);
const empty = z
  .enum(['empty', 'short'])
  .default('empty')
  .meta({ description: 'Without a total, reading ends after an empty page, or a short one' });

/** How one answer leads to the next. */
export const pagination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('offset'),
    size,
    start: z.int().min(0).default(0),
    ends: empty,
  }),
  z.strictObject({ kind: z.literal('page'), size, start: z.int().min(0).default(1), ends: empty }),
  z.strictObject({
    kind: z.literal('cursor'),
    size: size.exactOptional(),
    /** Where the answer names the next page; absent or empty at the end. */
    next: path.exactOptional(),
    header: z.string().min(1).exactOptional(),
    /** A field of the last record that names the next page. */
    lastRecord: path.exactOptional(),
    /** Where the answer says whether there is more. */
    more: path.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('link'),
    size: size.exactOptional(),
    /** Where the body has the address of the next page; without it, the Link header with rel=next. */
    next: path.exactOptional(),
  }),
]);

const timeWindows = z.strictObject({
  kind: z.literal('time'),
  /** First instant or day, ISO. */
  start: template,
  /** How far behind the present reading stays. */
  lag: duration.default('PT0S'),
  /** The longest window that is asked for at once. */
  step: duration.exactOptional(),
  /** The finest time the source filters by: a window ends that much before the next begins. */
  granularity: duration.default('PT1S'),
  /** How much before the last position reading begins again, for records that come late. */
  lookBack: duration.default('PT0S'),
  clamp: z.enum(['day', 'week', 'month']).exactOptional(),
  zone: z.string().default('Asia/Ho_Chi_Minh'),
  /** strftime, `iso`, `epoch` or `epoch-ms`. */
  format: z.string().default('iso'),
  /** Rows that a window gives at most: a window that reaches it is halved. */
  cap: z.int().min(1).exactOptional(),
});

/** How a later run reads only what is new. */
export const incremental = z.discriminatedUnion('kind', [
  timeWindows,
  z.strictObject({
    kind: z.literal('number'),
    field: path.min(1),
    start: z.int().min(0).default(0),
  }),
  z.strictObject({ kind: z.literal('token'), path: path.min(1) }),
]);

/** Parts that are asked for one by one: a list of values, or a field of every record of another stream. */
export const slice = z.union([
  z.strictObject({ name: word, values: z.array(z.union([z.string(), z.number()])).min(1) }),
  z.strictObject({ name: word, stream: word, field: path.min(1) }),
]);

/** An export that the source prepares: created, asked about until ready, fetched. */
export const job = z.strictObject({
  create: request,
  /** Where the answer names the job; or the header that has its address. */
  id: path.exactOptional(),
  location: z.string().min(1).exactOptional(),
  status: request,
  statusPath: path.exactOptional(),
  done: z.array(z.string()).min(1).default(['200']),
  failed: z.array(z.string()).default([]),
  /** Where the finished job names the address of its file (or files); without it, the stream's request is made. */
  file: path.exactOptional(),
  everySeconds: z.number().min(0.1).max(3600).default(5),
  mostSeconds: z.number().min(1).max(86_400).default(1800),
});

/** Why a read is believed to be whole. */
export const completeness = z.discriminatedUnion('proof', [
  z.strictObject({
    proof: z.literal('total'),
    path: path.exactOptional(),
    header: z.string().min(1).exactOptional(),
    /** Rows by which the total may be wrong. */
    tolerance: z.int().min(0).default(0),
  }),
  z.strictObject({ proof: z.literal('end-marker') }),
  z.strictObject({
    proof: z.literal('recount'),
    request,
    path,
    tolerance: z.int().min(0).default(0),
  }),
]);

/** Records that are asked for again one by one until they no longer meet the condition. */
export const revisit = z.strictObject({
  field: path.min(1),
  when: fieldCondition,
  request,
  most: z.int().min(1).max(10_000).default(2000),
});

/** Declared pagination. */
export type Pagination = z.infer<typeof pagination>;
/** Declared incremental reading. */
export type Incremental = z.infer<typeof incremental>;
/** Declared windows of time. */
export type TimeWindows = z.infer<typeof timeWindows>;
/** One list of parts. */
export type Slice = z.infer<typeof slice>;
/** A declared export job. */
export type Job = z.infer<typeof job>;
/** A declared proof. */
export type CompletenessProof = z.infer<typeof completeness>;
/** Records to be asked for again. */
export type Revisit = z.infer<typeof revisit>;
