/** A record of a CSV file: column → text; an empty field is the empty text. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * Reads a small CSV file of ours (RFC 4180: comma, double quotes) whole. For dimension packs only; data files are read
 * by the engine. Throws RangeError on a record whose number of fields differs from the header's.
 */
export function csvRows(text: string): readonly CsvRow[] {
  const [header, ...records] = csvRecords(text.replace(/^\uFEFF/, ''));
  return records.map((record, i) => {
    if (record.length !== header?.length) throw new RangeError(`record ${i + 2} of the file`);
    return Object.fromEntries(header.map((name, column) => [name, record[column] ?? '']));
  });
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function csvRecords(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const match = FIELD.exec(text);
    if (!match) throw new RangeError(`record ${records.length + 1} of the file`);
    const [, quoted, plain = '', end] = match;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',' && FIELD.lastIndex < text.length) continue;
    if (end === ',') record.push('');
    records.push(record);
    record = [];
  }
  return records;
}
