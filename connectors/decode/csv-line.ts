/**
 * Splits one line of CSV (RFC 4180) into its fields. For headers and small tables of our own; data files are read by
 * the engine.
 */
export function splitCsvLine(line: string, delimiter = ','): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let inQuotes = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (inQuotes && char === '"' && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (char === '"') {
      inQuotes = !inQuotes;
    } else if (char === delimiter && !inQuotes) {
      fields.push(field);
      field = '';
    } else {
      field += char;
    }
  }
  return [...fields, field];
}
