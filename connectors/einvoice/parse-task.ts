import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { PlainXmlReader } from '../decode/xml-plain-reader.ts';
import { streamMember } from '../decode/zip-member.ts';
import { readMembers } from '../decode/zip-members.ts';
import type { ZipMember } from '../decode/zip-reader.ts';
import { DocumentReader } from './document-reader.ts';
import type { RowCounts } from './row-writer.ts';
import { RowWriter } from './row-writer.ts';
import { UnknownElements } from './unknown-elements.ts';

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
  try {
    const seen = await readDocuments(task, writer);
    return { rows: writer.end(), ...seen };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function readDocuments(
  task: ParseTask,
  writer: RowWriter,
): Promise<Pick<ParseOutput, 'foreign' | 'unknown'>> {
  const foreign: ForeignDocument[] = [];
  const unknown = new UnknownElements();
  const plainly = new PlainXmlReader();
  const fd = openSync(task.path, 'r');
  try {
    for (const { name, content } of documents(task, fd)) {
      const plain = content instanceof Uint8Array ? plainly.read(content) : undefined;
      const document = new DocumentReader(writer, unknown, plain);
      if (plain) document.plain(plain);
      else await readStrictly(document, name, content);
      if (document.records === 0) foreign.push({ name, root: document.root });
    }
  } finally {
    closeSync(fd);
  }
  return { foreign, unknown: unknown.counts() };
}

/** The whole of a small document, else its pieces. */
type Content = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function readStrictly(
  document: DocumentReader,
  name: string,
  content: Content,
): Promise<void> {
  // Most tasks have plain documents only, and a thread starts faster without the strict reader's library.
  const { XmlReader } = await import('../decode/xml-reader.ts');
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
    for (const group of bySize(task.members)) {
      if (group.some(isLarge))
        for (const member of group)
          yield {
            name: nameOf(task, member),
            content: streamMember(task.path, fd, member, task.file),
          };
      else
        for (const { member, bytes } of readMembers(fd, group, task.file))
          yield { name: nameOf(task, member), content: bytes };
    }
}

function nameOf(task: ParseTask, member: ZipMember): string {
  return `${task.file}/${member.name}`;
}

function isLarge({ bytes }: ZipMember): boolean {
  return bytes > streamFrom;
}

/** Runs of members that are large, or not. */
function bySize(members: readonly ZipMember[]): readonly (readonly ZipMember[])[] {
  const groups: ZipMember[][] = [];
  for (const member of members) {
    const last = groups.at(-1);
    const [before] = last ?? [];
    if (last && before && isLarge(before) === isLarge(member)) last.push(member);
    else groups.push([member]);
  }
  return groups;
}

function fileContent(fd: number): Content {
  return fstatSync(fd).size <= streamFrom ? readFileSync(fd) : filePieces(fd);
}

function* filePieces(fd: number): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(readBytes);
  for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer))
    yield buffer.subarray(0, read);
}
