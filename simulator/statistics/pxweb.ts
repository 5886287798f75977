import { json, jsonText, notFound, type Handler, type Reply } from '../http/reply.ts';
import { createRateLimit } from '../http/rate-limit.ts';
import { at } from '../random.ts';
import { askedMembers } from './px-selection.ts';
import type { Yearbook } from './yearbook.ts';

const PATH = '/pxweb/api/v1/vi/Dân số/V02.01.px';
const TITLE = 'Dân số trung bình phân theo xã, phường (dữ liệu mô phỏng)';
const AREA = 'Địa phương';
const YEAR = 'Năm';
const ITEM = 'Chỉ tiêu';
const MAX_CELLS = 400;
const CALLS_A_SECOND = 10;

/**
 * A PX-Web of version 1 with one table: codes are ordinals, the newest year comes first, at most 400 cells and 10 calls a
 * second; JSON-stat of version 1 whose `updated` is the last day of 9999 and whose last byte is NUL.
 */
export function pxwebRoutes(yearbook: () => Yearbook, clock: () => number): Handler {
  const allowed = createRateLimit(CALLS_A_SECOND, clock);
  return ({ path, method, body }) => {
    if (!path.startsWith('/pxweb/')) return undefined;
    if (!allowed()) return json({ error: 'too many calls' }, 429, { 'retry-after': '1' });
    if (path !== PATH) return notFound(path);
    return method === 'POST' ? cells(yearbook(), body) : json(description(yearbook()));
  };
}

function description(book: Yearbook): object {
  const variable = (code: string, valueTexts: readonly string[], more: object = {}) => ({
    code,
    text: code,
    values: valueTexts.map((_, n) => String(n)),
    valueTexts,
    ...more,
  });
  return {
    title: TITLE,
    variables: [
      variable(AREA, book.areas),
      variable(YEAR, yearTexts(book), { time: true }),
      variable(ITEM, book.items),
    ],
  };
}

function yearTexts(book: Yearbook): readonly string[] {
  return book.years.map((year) =>
    year === book.preliminaryYear ? `Sơ bộ ${String(year)}` : String(year),
  );
}

function cells(book: Yearbook, body: string): Reply {
  const all = new Map([
    [AREA, book.areas],
    [YEAR, yearTexts(book)],
    [ITEM, book.items],
  ]);
  const asked = askedMembers(body, 'code', 'values');
  const chosen = [...all].map(([code, texts]) => ({
    code,
    texts,
    places: asked.get(code)?.map(Number) ?? texts.map((_, n) => n),
  }));
  const count = chosen.reduce((product, { places }) => product * places.length, 1);
  if (count > MAX_CELLS) return json({ error: 'too many cells' }, 403);
  if (chosen.some(({ texts, places }) => places.some((n) => n >= texts.length)))
    return json({ error: 'unknown value' }, 400);
  return jsonText(`${JSON.stringify({ dataset: dataset(book, chosen) })}\0`);
}

type Chosen = {
  readonly code: string;
  readonly texts: readonly string[];
  readonly places: readonly number[];
};

function dataset(book: Yearbook, chosen: readonly Chosen[]): object {
  const dimension = ({ code, texts, places }: Chosen) => ({
    label: code,
    category: {
      index: Object.fromEntries(places.map((place, n) => [String(place), n])),
      label: Object.fromEntries(places.map((place) => [String(place), at(texts, place)])),
    },
  });
  const [areas, years, items] = chosen.map(({ places }) => places);
  const value = (areas ?? []).flatMap((area) =>
    (years ?? []).flatMap((year) =>
      (items ?? []).map((item) => {
        const given = book.figure(area, at(book.years, year), item).value;
        return given === null ? null : Number(given);
      }),
    ),
  );
  return {
    label: TITLE,
    source: null,
    updated: '9999-12-31T16:59:59Z',
    dimension: {
      ...Object.fromEntries(chosen.map((one) => [one.code, dimension(one)])),
      id: chosen.map(({ code }) => code),
      size: chosen.map(({ places }) => places.length),
      role: {},
    },
    value,
  };
}
