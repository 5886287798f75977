import type { PdfNode } from './pdf-node.ts';

/** A centred horizontal line, as NĐ 30 puts under the motto, the agency and the subject. */
export function ruleLine(width: number): PdfNode {
  return {
    canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.75 }],
    alignment: 'center',
    margin: [0, 1, 0, 0],
  };
}
