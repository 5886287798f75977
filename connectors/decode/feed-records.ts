import { readFile } from 'node:fs/promises';
import { Parser } from 'htmlparser2';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { decodeByLines } from './decoded-lines.ts';
import { fileTrouble } from './decode-trouble.ts';
import { feedTime } from './feed-time.ts';
import { feedText } from './feed-text.ts';
import type { RecordDecoder } from './record-decoder.ts';

/** One entry of a feed, under the same names whatever the feed's kind. */
export interface FeedEntry {
  /** `guid`, `id`, else the link. */
  readonly id: string | null;
  readonly title: string | null;
  readonly link: string | null;
  /** As printed. */
  readonly published: string | null;
  readonly updated: string | null;
  /** The same as instants in UTC, where they are times. */
  readonly published_at: string | null;
  readonly updated_at: string | null;
  readonly summary: string | null;
  readonly author: string | null;
  readonly categories: string | null;
  /** Title of the feed. */
  readonly feed: string | null;
}

/** The largest feed that is read, in bytes. */
const largestFeed = 67_108_864;

/**
 * Reads RSS 0.9 to 2.0, RDF and Atom, also where they are ill-formed: open tags, bare ampersands, undeclared prefixes,
 * HTML entities, a wrong encoding in the prolog. Markup in titles and summaries is taken off. What has no feed's root
 * is refused (`file-not-feed`), and so is a feed whose root is never closed, for it may be cut (`file-cut`).
 */
export const decodeFeedRecords: RecordDecoder = (session, files, wanted) =>
  decodeByLines(session, files, wanted, entriesOf);

async function* entriesOf(file: LandedFile): AsyncGenerator<readonly FeedEntry[]> {
  if (file.bytes > largestFeed) throw fileTrouble('file-not-feed', file, `${file.bytes} byte`);
  const text = feedText(await readFile(file.path), file.mediaType);
  const found = readFeed(text);
  if (found === undefined) throw fileTrouble('file-not-feed', file, text.trim().slice(0, 100));
  if (!found.closed) throw fileTrouble('file-cut', file, '');
  yield found.entries;
}

/** What a feed holds. */
export interface Feed {
  readonly entries: readonly FeedEntry[];
  /** Whether its root element is closed. */
  readonly closed: boolean;
}

const roots = new Set(['rss', 'feed', 'rdf']);
const entryNames = new Set(['item', 'entry']);

/** Elements of an entry that hold only text. */
const plain = new Set([
  'title',
  'link',
  'guid',
  'id',
  'pubdate',
  'published',
  'updated',
  'category',
  'description',
  'creator',
]);

/** The entries of a feed's text; undefined when it is no feed. */
export function readFeed(text: string): Feed | undefined {
  const reader = new FeedReader();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(localName(name), attributes),
      ontext: (piece) => reader.text(piece),
      onclosetag: (name, implied) => reader.close(localName(name), implied),
    },
    { xmlMode: true, decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(text);
  parser.end();
  return reader.root === undefined
    ? undefined
    : { entries: reader.entries(), closed: reader.closed };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

type Fields = Map<string, string[]>;

class FeedReader {
  root: string | undefined;
  closed = false;
  private readonly path: string[] = [];
  private readonly found: Fields[] = [];
  private entry: Fields | undefined;
  /** Title of the feed itself. */
  private readonly own: Fields = new Map();
  private silentDepth: number | undefined;
  private taken: { readonly name: string; readonly depth: number; text: string } | undefined;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.path.length === 0 && roots.has(name)) this.root ??= name;
    this.path.push(name);
    if (this.isLeftOpen(name)) this.end();
    if (this.taken !== undefined) {
      if (silent.has(name)) this.silentDepth ??= this.path.length;
      this.text(spaceAt(name));
      return;
    }
    if (entryNames.has(name)) {
      this.entry = new Map();
      this.found.push(this.entry);
      return;
    }
    const isOwn = this.entry === undefined && name === 'title' && this.path.length <= 3;
    if (this.entry !== undefined || isOwn) this.begin(name, attributes);
  }

  text(piece: string): void {
    if (this.taken !== undefined && this.silentDepth === undefined) this.taken.text += piece;
  }

  close(name: string, implied: boolean): void {
    const depth = this.path.length;
    this.path.pop();
    if (this.silentDepth === depth) this.silentDepth = undefined;
    if (depth === 1 && name === this.root && !implied) this.closed = true;
    if (this.taken?.depth === depth) this.end();
    else if (this.taken === undefined && entryNames.has(name)) this.entry = undefined;
  }

  entries(): readonly FeedEntry[] {
    const feed = first(this.own, 'title');
    return this.found.map((fields) => entryOf(fields, feed));
  }

  /** An element that holds only text, and was not closed before the next one began. */
  private isLeftOpen(name: string): boolean {
    if (this.taken === undefined) return false;
    return entryNames.has(name) || (plain.has(this.taken.name) && plain.has(name));
  }

  private begin(name: string, attributes: Readonly<Record<string, string>>): void {
    this.taken = { name, depth: this.path.length, text: '' };
    const { href, rel = 'alternate', term } = attributes;
    if (name === 'link' && href !== undefined && rel === 'alternate') this.keep('link', href);
    if (name === 'category' && term !== undefined) this.keep('category', term);
  }

  private end(): void {
    if (this.taken !== undefined) this.keep(this.taken.name, this.taken.text);
    this.taken = undefined;
  }

  private keep(name: string, text: string): void {
    const fields = this.entry ?? this.own;
    if (text.trim() !== '') fields.set(name, [...(fields.get(name) ?? []), text.trim()]);
  }
}

function entryOf(fields: Fields, feed: string | null): FeedEntry {
  const guid = first(fields, 'guid', 'id');
  const link = first(fields, 'link', 'origlink') ?? (/^https?:/.test(guid ?? '') ? guid : null);
  const published = first(fields, 'pubdate', 'published', 'issued', 'date', 'created');
  const updated = first(fields, 'updated', 'modified');
  return {
    id: guid ?? link,
    title: withoutMarkup(first(fields, 'title')),
    link,
    published,
    updated,
    published_at: feedTime(published),
    updated_at: feedTime(updated),
    summary: withoutMarkup(first(fields, 'description', 'summary', 'content', 'encoded')),
    author: withoutMarkup(first(fields, 'creator', 'author')),
    categories: fields.get('category')?.join('; ') ?? null,
    feed: withoutMarkup(feed),
  };
}

function first(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const [text] = fields.get(name) ?? [];
    if (text !== undefined) return text;
  }
  return null;
}

/** Elements whose text nobody reads. */
const silent = new Set(['script', 'style']);

/** Elements that part words. */
const parting = new Set([
  'br',
  'p',
  'div',
  'li',
  'tr',
  'td',
  'h1',
  'h2',
  'h3',
  'name',
  'email',
  'uri',
]);

function spaceAt(name: string): string {
  return parting.has(name) ? ' ' : '';
}

/** Text in which HTML was written, as text. */
function withoutMarkup(html: string | null): string | null {
  if (html === null) return null;
  let text = '';
  let depth = 0;
  const parser = new Parser({
    onopentag: (name) => {
      depth += silent.has(name) ? 1 : 0;
      text += spaceAt(name);
    },
    onclosetag: (name) => (depth -= silent.has(name) ? 1 : 0),
    ontext: (piece) => (text += depth > 0 ? '' : piece),
  });
  parser.write(html);
  parser.end();
  return text.replaceAll(/\s+/g, ' ').trim();
}
