import { z } from 'zod';

const codedValue = z.object({ code: z.union([z.string(), z.number()]), name: z.string() });

const field = z.object({
  name: z.string(),
  type: z.string(),
  domain: z
    .object({ type: z.string(), codedValues: z.array(codedValue).optional() })
    .nullish()
    .catch(null),
});

const extent = z.object({
  xmin: z.number(),
  ymin: z.number(),
  xmax: z.number(),
  ymax: z.number(),
  spatialReference: z.object({ wkid: z.int() }),
});

const described = z.object({
  name: z.string().optional(),
  objectIdField: z.string().nullish(),
  maxRecordCount: z.int().min(1).nullish(),
  supportsPagination: z.boolean().optional(),
  advancedQueryCapabilities: z.object({ supportsPagination: z.boolean().optional() }).nullish(),
  extent: extent.nullish().catch(null),
  fields: z.array(field).nullish(),
});

/** A rectangle in the coordinates of a spatial reference. */
export interface LayerExtent {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
  readonly wkid: number;
}

/** What a layer says of itself. */
export interface LayerDescription {
  readonly objectIdField: string | undefined;
  /** Features of one answer at most, where it says so. */
  readonly most: number | undefined;
  readonly takesOffset: boolean;
  readonly extent: LayerExtent | undefined;
  /** Names by code, for each attribute (lower case) that holds coded values. */
  readonly domains: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads a layer's description (ArcGIS 10.0 to 11): old servers have no `objectIdField` (the field of the type for
 * object ids is it), no `maxRecordCount`, and pagination under either of two members. Undefined when it is none.
 */
export function layerDescription(value: unknown): LayerDescription | undefined {
  const read = described.safeParse(value);
  if (!read.success) return undefined;
  const { objectIdField, maxRecordCount, extent: box, fields, ...rest } = read.data;
  const oid = fields?.find(({ type }) => type === 'esriFieldTypeOID')?.name;
  return {
    objectIdField: objectIdField ?? oid,
    most: maxRecordCount ?? undefined,
    takesOffset:
      rest.supportsPagination ?? rest.advancedQueryCapabilities?.supportsPagination ?? false,
    extent: box ? { ...box, wkid: box.spatialReference.wkid } : undefined,
    domains: new Map(
      (fields ?? []).flatMap(({ name, domain }) =>
        domain?.type === 'codedValue' && domain.codedValues
          ? [[name.toLowerCase(), namesByCode(domain.codedValues)] as const]
          : [],
      ),
    ),
  };
}

function namesByCode(values: readonly z.infer<typeof codedValue>[]): ReadonlyMap<string, string> {
  return new Map(values.map(({ code, name }) => [String(code), name]));
}
