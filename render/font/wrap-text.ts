import { textWidth, type FontWeight } from './tinos.ts';

/** Breaks text at spaces, line feeds and behind en dashes, greedily, as the PDF writer does. */
export function wrapText(
  text: string,
  width: number,
  fontSize: number,
  weight: FontWeight = 'normal',
): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width, fontSize, weight));
}

/** The same number of lines as {@link wrapText}, but of even length: for centred headings. */
export function balanceText(
  text: string,
  width: number,
  fontSize: number,
  weight: FontWeight,
): readonly string[] {
  const lines = wrapText(text, width, fontSize, weight);
  let best = lines;
  for (let narrower = width * 0.98; narrower > width * 0.4; narrower *= 0.98) {
    const next = wrapText(text, narrower, fontSize, weight);
    if (next.length > lines.length) return best;
    best = next;
  }
  return best;
}

/** The pieces between which a line may break; spaces stay with the piece before them. */
export function breakable(text: string): readonly string[] {
  return text.match(/[^\s–]*(?:–|\s+|$)/g)?.filter((piece) => piece !== '') ?? [];
}

function wrapLine(line: string, width: number, fontSize: number, weight: FontWeight): string[] {
  const lines: string[] = [];
  for (const piece of breakable(line)) {
    const longer = (lines.at(-1) ?? '') + piece;
    const fits = textWidth(longer.trimEnd(), fontSize, weight) <= width;
    if (lines.length > 0 && fits) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.length === 0 ? [''] : lines.map((text) => text.trimEnd());
}
