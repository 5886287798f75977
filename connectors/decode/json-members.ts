/**
 * JSON text without the members whose name is unwanted, at any depth; every other character stays as it is, so numbers
 * keep their digits. The text must be JSON: it is checked by whoever reads it before.
 */
export function withoutJsonMembers(text: string, unwanted: (name: string) => boolean): string {
  let kept = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    if (text[at] !== '"') {
      at += 1;
      continue;
    }
    const end = stringEnd(text, at);
    const colon = blanksEnd(text, end);
    if (text[colon] === ':' && unwanted(stringValue(text.slice(at, end)))) {
      const last = valueEnd(text, blanksEnd(text, colon + 1));
      const [cutFrom, cutTo] = withComma(text, from, at, last);
      kept += text.slice(from, cutFrom);
      from = cutTo;
      at = cutTo;
    } else at = end;
  }
  return kept + text.slice(from);
}

/** The cut takes the comma after the member, or, of a last member, the one before it. */
function withComma(
  text: string,
  from: number,
  start: number,
  end: number,
): readonly [number, number] {
  const after = blanksEnd(text, end);
  if (text[after] === ',') return [start, after + 1];
  let before = start;
  while (before > from && /\s/.test(text[before - 1] ?? '')) before -= 1;
  return text[before - 1] === ',' && before > from ? [before - 1, end] : [start, end];
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function stringValue(quotedText: string): string {
  const value: unknown = JSON.parse(quotedText);
  return typeof value === 'string' ? value : '';
}

function blanksEnd(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

/** Where a value ends: a string, a bracketed value of any depth, or a word or number. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const sign = text[at] ?? '';
    if (sign === '"') at = stringEnd(text, at);
    else if (sign === '{' || sign === '[') {
      depth += 1;
      at += 1;
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
      at += 1;
    } else if (depth === 0) return wordEnd(text, at);
    else at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\s,}\]]/.test(text[at] ?? '')) at += 1;
  return at;
}
