/**
 * What a spreadsheet could take for a formula: = + - @ TAB CR (OWASP ASVS V1.2.10) and their
 * full-width forms, also behind spaces, quotes or NUL, and a quote that we could have set ourselves.
 */
const FORMULA = /^[\s\u0000"']*[=+\-@＝＋－＠]|^[\s\u0000"']*[\t\r]/;

/** What makes a reader split, trim or rejoin a field that is not quoted. */
const NEEDS_QUOTES = /["',;\u0000-\u001f]|^\s|\s$/;

/** A text field: neutralised by a leading single quote where it could run, quoted where needed. */
export function csvText(text: string, delimiter: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  if (safe === '') return '""';
  if (!NEEDS_QUOTES.test(safe) && !safe.includes(delimiter)) return safe;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Takes back the leading quote of {@link csvText}: a field, already unquoted, as it was. */
export function readCsvText(field: string): string {
  return field.startsWith("'") && FORMULA.test(field.slice(1)) ? field.slice(1) : field;
}
