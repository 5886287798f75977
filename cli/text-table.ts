/** Columns a text takes on a terminal: combining marks none, wide East Asian characters two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC')) {
    if (/\p{Mark}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** One column: its heading and how it stands. */
export interface TextColumn {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/** Rows under headings, aligned; long texts are left whole (pipes and logs read them). Control characters are shown. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string {
  const clean = rows.map((row) => row.map(visible));
  const widths = columns.map(({ heading }, i) =>
    clean.reduce((widest, row) => Math.max(widest, textWidth(row[i] ?? '')), textWidth(heading)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map(({ heading }) => heading)), rule, ...clean.map(line)].join('\n');
}

/** Names before values, one a line. */
export function textList(entries: readonly (readonly [string, string])[]): string {
  const width = entries.reduce((widest, [name]) => Math.max(widest, textWidth(name)), 0);
  return entries.map(([name, value]) => `${pad(name, width)}  ${visible(value)}`).join('\n');
}

function pad(text: string, width: number, align: TextColumn['align'] = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** Escape sequences in data must not steer the terminal. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => (c === '\n' ? ' ⏎ ' : '�'));
}
