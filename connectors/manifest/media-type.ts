import { formatFacts } from './format-facts.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** Why the media type of an answer does not fit the declared format; undefined when it does (A30, A40). */
export function wrongMediaType(
  { decoding: { format, unpack, mediaTypes } }: ManifestStream,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/octet-stream' || mediaTypes.includes(type))
    return undefined;
  if (unpack !== 'none' && /zip|compressed/.test(type)) return undefined;
  return formatFacts[format].mediaTypes.test(type) ? undefined : `${type} ≠ ${format}`;
}
