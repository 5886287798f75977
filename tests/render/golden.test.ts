import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkedDocument } from '../../render/checked-document.ts';
import { renderPdf } from '../../render/pdf/render-pdf.ts';
import { hasProgram, pdfText } from './external-tools.ts';

/** Each folder is a case: `document.json` and the text that its PDF prints. */
const GOLDEN = join(import.meta.dirname, 'golden');

describe.skipIf(!hasProgram('pdftotext'))('golden documents (need pdftotext)', () => {
  it.each(readdirSync(GOLDEN))('%s prints the expected text', async (name) => {
    const tree: unknown = JSON.parse(readFileSync(join(GOLDEN, name, 'document.json'), 'utf8'));
    const text = printed(pdfText(await renderPdf(checkedDocument(tree)), '-raw'));
    const expected = join(GOLDEN, name, 'expected.txt');
    if (!existsSync(expected) && process.env['CI'] === undefined) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, 'utf8'));
  });
});

/** One line for each line on paper; spaces and page ends differ between versions of poppler. */
function printed(text: string): string {
  const lines = text.split(/[\n\f]/).map((line) => line.replace(/\s+/g, ' ').trim());
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}
