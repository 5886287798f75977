import type { ManifestStream } from './schema/stream-schema.ts';

/** Media types that a format may come as; servers that name none, or only bytes, are believed to mean it. */
const usual: Readonly<Record<ManifestStream['decoding']['format'], RegExp>> = {
  json: /json|^text\/plain/,
  geojson: /json|^text\/plain/,
  ndjson: /json|^text\/plain/,
  csv: /csv|^text\/plain|excel/,
  tsv: /tab-separated|csv|^text\/plain/,
  xml: /xml|^text\/plain/,
  parquet: /parquet/,
};

/** Why the media type of an answer does not fit the declared format; undefined when it does (A30, A40). */
export function wrongMediaType(
  { decoding: { format, unpack, mediaTypes } }: ManifestStream,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/octet-stream' || mediaTypes.includes(type))
    return undefined;
  if (unpack !== 'none' && /zip|compressed/.test(type)) return undefined;
  return usual[format].test(type) ? undefined : `${type} ≠ ${format}`;
}
