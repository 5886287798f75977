import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { plainXml } from '../decode/xml-plain-reader.ts';
import { XmlReader } from '../decode/xml-reader.ts';
import { readMember, streamMember } from '../decode/zip-member.ts';
import type { ZipMember } from '../decode/zip-reader.ts';
import { DocumentReader } from './document-reader.ts';
import { PlainSubtrees } from './plain-subtrees.ts';
import type { RowCounts } from './row-writer.ts';
import { RowWriter } from './row-writer.ts';
import { SubtreeStore } from './subtree-store.ts';

/** A piece of parsing: some members of an archive, or one XML file. Plain data, so that it can go to a worker. */
export interface ParseTask {
  /** Number in the session; every row says it. */
  readonly task: number;
  readonly path: string;
  /** What a person would call the file. */
  readonly file: string;
  /** Undefined = the file itself is the document. */
  readonly members: readonly ZipMember[] | undefined;
  /** Path that the names of the row files begin with. */
  readonly rows: string;
}

/** A document that is none of ours: its name and root element. */
export interface ForeignDocument {
  readonly name: string;
  readonly root: string;
}

/** What parsing gives beside the row files. */
export interface ParseOutput {
  readonly rows: RowCounts;
  /** Documents without any invoice or summary. */
  readonly foreign: readonly ForeignDocument[];
  /** How often each element outside the mapping occurred. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** A task that is done. */
export interface ParsedTask extends ParseOutput {
  readonly task: ParseTask;
  readonly file: LandedFile;
}

/** Documents above this size are streamed instead of being held whole. */
const streamFrom = 4 << 20;
const readBytes = 1 << 18;

/** Parses the documents of a task into row files. Throws the `data` error of the first unreadable one. */
export async function parse(task: ParseTask): Promise<ParseOutput> {
  const writer = new RowWriter(task.rows, task.task);
  const foreign: ForeignDocument[] = [];
  const unknown = new Map<string, number>();
  const fd = openSync(task.path, 'r');
  try {
    for (const { name, content } of documents(task, fd)) {
      const document = await read(writer, name, content);
      if (document.records === 0) foreign.push({ name, root: document.root });
      for (const [path, count] of document.unknown)
        unknown.set(path, (unknown.get(path) ?? 0) + count);
    }
  } finally {
    closeSync(fd);
  }
  return { rows: writer.end(), foreign, unknown };
}

/** The whole of a small document, else its pieces. */
type Content = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function read(writer: RowWriter, name: string, content: Content): Promise<DocumentReader> {
  const plain = content instanceof Uint8Array ? plainXml(content) : undefined;
  const subtrees = plain ? new PlainSubtrees(plain) : new SubtreeStore();
  const document = new DocumentReader(writer, name, subtrees);
  if (plain) plain.tell(document);
  else await readStrictly(document, name, content);
  return document;
}

async function readStrictly(
  document: DocumentReader,
  name: string,
  content: Content,
): Promise<void> {
  const reader = new XmlReader(document, name);
  if (content instanceof Uint8Array) reader.whole(content);
  else {
    for await (const bytes of content) reader.write(bytes);
    reader.end();
  }
}

interface OpenDocument {
  readonly name: string;
  readonly content: Content;
}

function* documents(task: ParseTask, fd: number): Generator<OpenDocument> {
  if (task.members === undefined) yield { name: task.file, content: fileContent(fd) };
  else
    for (const member of task.members)
      yield { name: `${task.file}/${member.name}`, content: memberContent(task, fd, member) };
}

function fileContent(fd: number): Content {
  return fstatSync(fd).size <= streamFrom ? readFileSync(fd) : filePieces(fd);
}

function* filePieces(fd: number): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(readBytes);
  for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer))
    yield buffer.subarray(0, read);
}

function memberContent(task: ParseTask, fd: number, member: ZipMember): Content {
  return member.bytes <= streamFrom
    ? readMember(fd, member, task.file)
    : streamMember(task.path, fd, member, task.file);
}
