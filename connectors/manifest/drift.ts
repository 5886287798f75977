import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { parsePath } from '../decode/document-path.ts';
import type { RecordsFound } from '../decode/record-decoder.ts';
import { closestName } from './document/closest-name.ts';
import { formatFacts } from './format-facts.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/**
 * Compares what records have with what is declared: a declared column that is nowhere to be found holds the batch and
 * names the column that may be the renamed one (B28, B29); a column that nobody declared is recorded (B27).
 */
export function refuseDrift(
  session: Pick<DecodeSession, 'log'>,
  stream: ManifestStream,
  found: RecordsFound,
): void {
  const declared = declaredFields(stream);
  const fresh = found.names.filter((name) => !declared.has(name));
  if (fresh.length > 0) session.log.info('columns-new', { stream: stream.stream, columns: fresh });
  const optional = new Set(
    stream.columns.filter((column) => column.optional).map(({ name, from = name }) => from),
  );
  const wanted = new Set(
    stream.columns.flatMap(({ name, from = name, unitFrom = from }) => [from, unitFrom]),
  );
  const [lost] = found.missing.filter(({ from }) => wanted.has(from) && !optional.has(from));
  if (lost === undefined) return;
  const closest = closestName(lost.from, fresh);
  const offer = closest === undefined ? '' : `; “${closest}”?`;
  throw manifestTrouble('column-missing', `${lost.file}: ${lost.from}${offer}`);
}

/** Members at the top of a record that some column, filter or tombstone uses. */
function declaredFields({
  columns,
  filter,
  tombstone,
  decoding,
}: ManifestStream): ReadonlySet<string> {
  const tabular = formatFacts[decoding.format].fields === 'headers';
  const paths = [
    ...columns.map(({ name, from = name }) => from),
    ...filter.map(({ field }) => field),
    ...(tombstone === undefined ? [] : [tombstone.field]),
  ];
  return new Set(
    paths.flatMap((path) => {
      if (tabular) return [path];
      const [first] = parsePath(path) ?? [];
      return first?.kind === 'member' ? [first.name] : [];
    }),
  );
}
