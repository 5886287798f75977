/** A text as an SQL literal. For what our own code writes (paths, times, periods, codes); what a person gives is bound. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier as SQL text: always quoted, quotes doubled (G08). */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
