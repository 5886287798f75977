import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from '../decode/csv.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { Collection } from './collections.ts';
import type { RawTable } from './decode.ts';

/** Misspelt headers that were met. */
const typos: Readonly<Record<string, string>> = {
  datalastmodified: 'datelastmodified',
  prefferedgivenname: 'preferredgivenname',
};

/** The texts of one CSV file of a bundle. Throws data errors for a file that is not this collection's. */
export async function csvTable(
  session: DecodeSession,
  file: LandedFile,
  { stream, headers }: Collection,
): Promise<RawTable> {
  const into = `${stream}_csv`;
  const names = await readCsv(session, file, {
    into,
    rename: knownHeader,
    required: ['sourcedId', ...headers].map(knownHeader),
  });
  const members = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  return {
    from: quoted(into),
    textOf: ({ csv }) => {
      const name = csv === undefined ? '' : knownHeader(csv);
      return names.includes(name) ? quoted(name) : 'null::varchar';
    },
    raw: `coalesce(_line, to_json({${members}})::varchar)`,
  };
}

/** One name for each spelling of a header: letters and digits in lower case. */
function knownHeader(header: string): string {
  const plain = header.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
  return typos[plain] ?? plain;
}
