import { closeSync, openSync, readSync } from 'node:fs';
import { XmlReader } from '../decode/xml-reader.ts';
import { readMember, streamMember } from '../decode/zip-member.ts';
import type { ZipMember } from '../decode/zip-reader.ts';
import { DocumentReader } from './document-reader.ts';
import type { PackedChunk } from './packed-rows.ts';
import { RowPacker } from './packed-rows.ts';

/** A piece of parsing: some members of an archive, or one XML file. Plain data, so that it can go to a worker. */
export interface ParseTask {
  readonly path: string;
  /** What a person would call the file. */
  readonly file: string;
  /** Undefined = the file itself is the document. */
  readonly members: readonly ZipMember[] | undefined;
}

/** A document that is none of ours: its name and root element. */
export interface ForeignDocument {
  readonly name: string;
  readonly root: string;
}

/** What parsing gives, some megabytes at a time. */
export interface ParseOutput {
  readonly chunks: readonly PackedChunk[];
  /** Documents without any invoice or summary. */
  readonly foreign: readonly ForeignDocument[];
  /** How often each element outside the mapping occurred. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** Documents above this size are streamed instead of being held whole. */
const streamFrom = 4 << 20;
const readBytes = 1 << 18;

/** Parses the documents of a task. Throws the `data` error of the first unreadable one. */
export async function* parse(task: ParseTask): AsyncGenerator<ParseOutput> {
  const packer = new RowPacker();
  const foreign: ForeignDocument[] = [];
  const unknown = new Map<string, number>();
  const fd = openSync(task.path, 'r');
  try {
    for (const { name, content } of documents(task, fd)) {
      const document = new DocumentReader(packer);
      const reader = new XmlReader(document, name);
      if (content instanceof Uint8Array) reader.whole(content);
      else {
        for await (const bytes of content) {
          reader.write(bytes);
          const chunks = packer.take(false);
          if (chunks.length > 0) yield { chunks, foreign: [], unknown: {} };
        }
        reader.end();
      }
      if (document.records === 0) foreign.push({ name, root: document.root });
      for (const [path, count] of document.unknown)
        unknown.set(path, (unknown.get(path) ?? 0) + count);
    }
  } finally {
    closeSync(fd);
  }
  yield { chunks: packer.take(true), foreign, unknown: Object.fromEntries(unknown) };
}

interface OpenDocument {
  readonly name: string;
  /** The whole of a small document, else its pieces. */
  readonly content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

function* documents(task: ParseTask, fd: number): Generator<OpenDocument> {
  if (task.members === undefined) yield { name: task.file, content: filePieces(fd) };
  else
    for (const member of task.members)
      yield { name: `${task.file}/${member.name}`, content: memberContent(task, fd, member) };
}

function* filePieces(fd: number): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(readBytes);
  for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer))
    yield buffer.subarray(0, read);
}

function memberContent(task: ParseTask, fd: number, member: ZipMember): OpenDocument['content'] {
  return member.bytes <= streamFrom
    ? readMember(fd, member, task.file)
    : streamMember(task.path, fd, member, task.file);
}
