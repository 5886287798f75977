/** What is not code: texts, quoted names, texts between dollars, comments. */
const notCode = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//
  .source;
const pieces = new RegExp(notCode, 'g');

/** Rewrites every match of a pattern in the code of an SQL text; texts, quoted names and comments stay as they are. */
export function replaceInCode(
  sql: string,
  pattern: RegExp,
  replacement: (found: string) => string,
): string {
  let out = '';
  let at = 0;
  for (const piece of sql.matchAll(pieces)) {
    out += sql.slice(at, piece.index).replace(pattern, replacement) + piece[0];
    at = piece.index + piece[0].length;
  }
  return out + sql.slice(at).replace(pattern, replacement);
}

/** Blanks comments out, the header with them, keeping every line and column where it was. */
export function withoutComments(sql: string): string {
  return sql.replace(pieces, (piece) =>
    piece.startsWith('--') || piece.startsWith('/*') ? piece.replace(/[^\n]/g, ' ') : piece,
  );
}
