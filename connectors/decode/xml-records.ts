import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { decodeLineRecords } from './line-records.ts';
import { fileTrouble } from './decode-trouble.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { XmlReader, type XmlAttributes, type XmlHandler } from './xml-reader.ts';

/**
 * Reads the elements at a path (`rss.channel.item`) as records: attributes under `@name`, text of an element that has
 * attributes or children under `#text`, repeated children as lists. Every element is written as one line of JSON, on
 * which the engine goes on. Throws data `records-missing` when the root is another, and what the XML reader throws.
 */
export const decodeXmlRecords: RecordDecoder = async (session, files, wanted) => {
  const lines: LandedFile[] = [];
  for (const file of files) lines.push(await asLines(session, file, wanted.records));
  return await decodeLineRecords(session, lines, { ...wanted, records: '' });
};

type Node = Record<string, unknown>;

async function asLines(
  session: DecodeSession,
  file: LandedFile,
  records: string,
): Promise<LandedFile> {
  const path = session.scratch(`${file.n}.ndjson`);
  const out = await open(path, 'w');
  const elements = new RecordElements(records.split('.'));
  try {
    const reader = new XmlReader(elements, file.name);
    const chunks: AsyncIterable<Uint8Array> = createReadStream(file.path);
    for await (const chunk of chunks) {
      reader.write(chunk);
      await out.write(elements.taken());
    }
    reader.end();
    await out.write(elements.taken());
  } finally {
    await out.close();
  }
  if (!elements.rootFits) throw fileTrouble('records-missing', file, records);
  return { ...file, path };
}

/** Collects the elements at one path while the document streams by; holds no more than one of them. */
class RecordElements implements XmlHandler {
  rootFits = false;
  private readonly wanted: readonly string[];
  private readonly path: string[] = [];
  private readonly stack: { readonly node: Node; text: string }[] = [];
  private lines: string[] = [];

  constructor(wanted: readonly string[]) {
    this.wanted = wanted;
  }

  open(_local: string, name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    if (this.path.length === 1) this.rootFits = name === this.wanted[0];
    if (this.stack.length === 0 && !this.isWanted()) return;
    const node: Node = {};
    for (const attribute in attributes) node[`@${attribute}`] = attributes[attribute];
    this.stack.push({ node, text: '' });
  }

  text(text: string): void {
    const here = this.stack.at(-1);
    if (here !== undefined) here.text += text;
  }

  close(): void {
    const name = this.path.pop() ?? '';
    const ended = this.stack.pop();
    if (ended === undefined) return;
    const around = this.stack.at(-1);
    if (around === undefined) this.lines.push(`${JSON.stringify(withText(ended))}\n`);
    else put(around.node, name, plain(ended));
  }

  instruction(): void {
    // Style sheets and the like say nothing about records.
  }

  /** The lines since the last call. */
  taken(): string {
    const lines = this.lines.join('');
    this.lines = [];
    return lines;
  }

  private isWanted(): boolean {
    return (
      this.path.length === this.wanted.length &&
      this.path.every((name, index) => name === this.wanted[index])
    );
  }
}

interface Ended {
  readonly node: Node;
  readonly text: string;
}

function plain(ended: Ended): unknown {
  return Object.keys(ended.node).length === 0 ? ended.text : withText(ended);
}

function withText({ node, text }: Ended): Node {
  return text.trim() === '' ? node : { ...node, '#text': text };
}

function put(node: Node, name: string, value: unknown): void {
  const before = Object.hasOwn(node, name) ? node[name] : undefined;
  const shape = { writable: true, enumerable: true, configurable: true };
  if (before === undefined) Object.defineProperty(node, name, { ...shape, value });
  else node[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}
