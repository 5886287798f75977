import { z } from 'zod';

const value = z.union([z.string().max(1000), z.number(), z.boolean()]);

/** One condition: an operator on one column; `null` asks for missing values. */
const filterSchema = z
  .strictObject({
    column: z.string().max(100),
    op: z.enum(['eq', 'ne', 'in', 'lt', 'le', 'gt', 'ge', 'between', 'null']),
    value: z.union([value, z.array(value).max(1000)]).optional(),
  })
  .readonly();

const measureSchema = z
  .strictObject({
    column: z.string().max(100),
    fn: z.enum(['sum', 'count', 'count_distinct', 'min', 'max', 'avg']),
  })
  .readonly();

/**
 * A data extract as it is asked for: typed, never SQL. Purpose and recipient are required (NĐ 254/2026 Art 39,
 * Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: purpose limitation).
 */
export const extractRequestSchema = z
  .strictObject({
    dataset: z.string().max(100),
    columns: z.array(z.string().max(100)).max(200).default([]),
    filters: z.array(filterSchema).max(50).default([]),
    groupBy: z.array(z.string().max(100)).max(20).default([]),
    measures: z.array(measureSchema).max(50).default([]),
    asOf: z.string().max(40).optional(),
    format: z.enum(['csv', 'xlsx', 'parquet']),
    purpose: z.string().trim().min(1).max(2000),
    legalBasis: z.string().trim().max(500).optional(),
    agreement: z.string().trim().max(500).optional(),
    recipient: z.string().trim().min(1).max(500),
    expires: z.iso.date(),
  })
  .readonly();

/** A parsed request. */
export type ExtractRequest = z.infer<typeof extractRequestSchema>;

/** A condition of a request. */
export type ExtractFilter = z.infer<typeof filterSchema>;

/** A measure of a request. */
export type ExtractMeasure = z.infer<typeof measureSchema>;
