import { valueAt } from '../decode/document-path.ts';
import { textOf } from './answer-judgement.ts';
import type { ServiceAnswer } from './manifest-service.ts';
import type { Pagination } from './schema/reading-schema.ts';
import type { TemplateValue } from './template.ts';

/** Where in a list of pages reading is. */
export interface PagePlace {
  /** Differs for each place. */
  readonly token: string;
  /** An address that the last answer gave, followed as it stands. */
  readonly url?: string;
  /** What `{{ page.… }}` stands for. */
  readonly page: Readonly<Record<string, TemplateValue>>;
}

/** What is known after a page. */
interface AfterPage {
  readonly answer: ServiceAnswer;
  readonly received: number;
  readonly total: number | undefined;
}

/** The first place. */
export function firstPage(pagination: Pagination): PagePlace {
  switch (pagination.kind) {
    case 'none':
      return { token: 'only', page: {} };
    case 'offset':
      return counted('offset', pagination.start, pagination.size);
    case 'page':
      return counted('number', pagination.start, pagination.size);
    case 'cursor':
    case 'link':
      return { token: 'first', page: sized(pagination.size) };
  }
}

/** The place after a page; undefined at the end. */
export function nextPage(
  pagination: Pagination,
  here: PagePlace,
  after: AfterPage,
): PagePlace | undefined {
  const { answer } = after;
  if (answer.empty) return undefined;
  switch (pagination.kind) {
    case 'none':
      return undefined;
    case 'offset':
      // By what was received, not by what was asked for: a server may silently give smaller pages (B12).
      return ended(pagination, after)
        ? undefined
        : counted('offset', pagination.start + after.received, pagination.size);
    case 'page':
      return ended(pagination, after)
        ? undefined
        : counted('number', Number(here.page['number']) + 1, pagination.size);
    case 'cursor':
      return nextToken(pagination, answer);
    case 'link':
      return nextLink(pagination, answer);
  }
}

type Counted = Extract<Pagination, { kind: 'offset' | 'page' }>;

function ended({ ends, size }: Counted, { answer, received, total }: AfterPage): boolean {
  const { records } = answer.facts;
  if (records === 0) return true;
  if (total !== undefined) return received >= total;
  return ends === 'short' && records < size;
}

function nextToken(
  { next, header, lastRecord, more, size }: Extract<Pagination, { kind: 'cursor' }>,
  { facts, headers }: ServiceAnswer,
): PagePlace | undefined {
  if (more !== undefined && textOf(valueAt(facts.document, more)) !== 'true') return undefined;
  const token =
    header === undefined
      ? next === undefined
        ? textOf(valueAt(facts.items.at(-1), lastRecord ?? ''))
        : textOf(valueAt(facts.document, next))
      : headers[header.toLowerCase()];
  if (token === undefined || token === '' || token === 'false') return undefined;
  // Where the last record names the next page, only an empty page is the end.
  if (lastRecord !== undefined && facts.records === 0) return undefined;
  return { token, page: { token, ...sized(size) } };
}

function nextLink(
  { next }: Extract<Pagination, { kind: 'link' }>,
  { facts, headers, url }: ServiceAnswer,
): PagePlace | undefined {
  const link =
    next === undefined ? relNext(headers['link']) : textOf(valueAt(facts.document, next));
  if (link === undefined || link === '' || !URL.canParse(link, url)) return undefined;
  const { href } = new URL(link, url);
  return { token: href, url: href, page: {} };
}

/** The target of `rel="next"` in a Link header (RFC 8288). */
function relNext(header: string | undefined): string | undefined {
  const links = (header ?? '').matchAll(/<([^>]*)>([^<]*)/g);
  return [...links].find(([, , rest]) => /;\s*rel\s*=\s*"?[^",;]*\bnext\b/i.test(rest ?? ''))?.[1];
}

function counted(name: 'offset' | 'number', value: number, size: number): PagePlace {
  return { token: String(value), page: { [name]: value, size } };
}

function sized(size: number | undefined): Readonly<Record<string, TemplateValue>> {
  return size === undefined ? {} : { size };
}
