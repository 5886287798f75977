/** Text as XML content or attribute value. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** One line of SVG text in Tinos; `x` is where `anchor` points, `y` the baseline. */
export function svgText(
  text: string,
  at: { readonly x: number; readonly y: number },
  style: {
    readonly size: number;
    readonly anchor?: 'start' | 'middle';
    readonly colour?: string;
    readonly bold?: boolean;
  },
): string {
  const { size, anchor = 'start', colour = '#222222', bold = false } = style;
  const weight = bold ? ' font-weight="bold"' : '';
  return (
    `<text x="${fixed(at.x)}" y="${fixed(at.y)}" font-family="Tinos" font-size="${fixed(size)}"` +
    `${weight} text-anchor="${anchor}" fill="${colour}">${escapeXml(text)}</text>`
  );
}

/** A length with two decimals: enough for print, and equal on every machine. */
export function fixed(length: number): string {
  return length.toFixed(2);
}

/** An SVG document of the given size in points. */
export function svgDocument(width: number, height: number, content: string): string {
  const [w, h] = [fixed(width), fixed(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${content}</svg>`;
}

/** What stands where a picture has nothing to show. */
export function placeholderSvg(text: string, width: number): string {
  const height = 40;
  const frame = `<rect x="0.5" y="0.5" width="${fixed(width - 1)}" height="${height - 1}" fill="none" stroke="#a0a7b0"/>`;
  const label = svgText(text, { x: width / 2, y: 24 }, { size: 11, anchor: 'middle' });
  return svgDocument(width, height, frame + label);
}
