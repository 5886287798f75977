import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { z } from 'zod';
import { timed, type Effort } from '../effort.ts';

const inputShape = z.object({ directory: z.string() });

type Line = Readonly<Record<string, string>>;

/** A peer: saxes on one core, from texts in memory to the lines' fields; nothing is checked or stored. */
export async function parseSaxes(given: unknown): Promise<Effort> {
  const { directory } = inputShape.parse(given);
  const documents = await documentsIn(directory);
  return await timed(() => Promise.resolve(linesOf(documents)));
}

async function documentsIn(directory: string): Promise<readonly string[]> {
  const documents: string[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const members = Object.values(unzipSync(await readFile(join(directory, name))));
    documents.push(...members.map((bytes) => new TextDecoder().decode(bytes)));
  }
  return documents;
}

function linesOf(documents: readonly string[]) {
  let lines = 0;
  let amount = 0n;
  for (const document of documents) {
    for (const line of parse(document)) {
      lines += 1;
      amount += BigInt(line['ThTien'] ?? '0');
    }
  }
  return { invoices: String(documents.length), lines: String(lines), amount: String(amount) };
}

function parse(document: string): readonly Line[] {
  const found: Line[] = [];
  let line: Record<string, string> | undefined;
  let text = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (name === 'HHDVu') line = {};
    text = '';
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('closetag', ({ name }) => {
    if (line === undefined) return;
    if (name !== 'HHDVu') line[name] = text;
    else {
      found.push(line);
      line = undefined;
    }
  });
  parser.write(document).close();
  return found;
}
