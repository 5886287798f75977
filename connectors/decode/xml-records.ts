import { createReadStream } from 'node:fs';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { decodeByLines } from './decoded-lines.ts';
import { fileTrouble } from './decode-trouble.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { XmlElements } from './xml-elements.ts';
import { XmlReader } from './xml-reader.ts';

/**
 * Reads the elements at a path (`rss.channel.item`) as records: attributes under `@name`, text of an element that has
 * attributes or children under `#text`, repeated children as lists. Every element is written as one line of JSON, on
 * which the engine goes on. Throws data `records-missing` when the root is another, and what the XML reader throws.
 */
export const decodeXmlRecords: RecordDecoder = (session, files, wanted) =>
  decodeByLines(session, files, wanted, (file) => elementsOf(file, wanted.records));

async function* elementsOf(file: LandedFile, records: string): AsyncGenerator<readonly object[]> {
  const elements = new XmlElements(records.split('.'));
  const reader = new XmlReader(elements, file.name);
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file.path);
  for await (const chunk of chunks) {
    reader.write(chunk);
    yield elements.taken();
  }
  reader.end();
  yield elements.taken();
  if (!elements.rootFits) throw fileTrouble('records-missing', file, records);
}
