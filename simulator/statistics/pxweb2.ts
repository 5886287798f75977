import { isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, notFound, type Handler, type Reply } from '../http/reply.ts';
import { at } from '../random.ts';
import { askedMembers } from './px-selection.ts';
import type { Yearbook } from './yearbook.ts';

const ROOT = '/pxweb2/api/v2/tables/V02.01';
const MAX_CELLS = 400;

type Variable = {
  readonly code: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly texts: readonly string[];
};

/** PX-Web of version 2 with the table of the yearbook: codes that mean something, `updated` in earnest, JSON-stat 2. */
export function pxweb2Routes(horizon: Horizon, yearbook: () => Yearbook): Handler {
  return ({ path, method, body }) => {
    if (!path.startsWith('/pxweb2/')) return undefined;
    if (path === `${ROOT}/metadata`)
      return json(dataset(horizon, variablesOf(yearbook()), undefined));
    if (path === `${ROOT}/data` && method === 'POST') return cells(horizon, yearbook(), body);
    return notFound(path);
  };
}

function variablesOf(book: Yearbook): readonly Variable[] {
  return [
    {
      code: 'DiaPhuong',
      label: 'Địa phương',
      values: book.areas.map((_, n) => `A${String(n)}`),
      texts: book.areas,
    },
    {
      code: 'Nam',
      label: 'Năm',
      values: book.years.map(String),
      texts: book.years.map((year) =>
        year === book.preliminaryYear ? `Sơ bộ ${String(year)}` : String(year),
      ),
    },
    {
      code: 'ChiTieu',
      label: 'Chỉ tiêu',
      values: book.items.map((_, n) => `I${String(n)}`),
      texts: book.items,
    },
  ];
}

function cells(horizon: Horizon, book: Yearbook, body: string): Reply {
  const asked = askedMembers(body, 'variableCode', 'valueCodes');
  const all = variablesOf(book);
  const places = all.map(({ code, values }) =>
    (asked.get(code) ?? values).map((value) => values.indexOf(value)),
  );
  if (places.flat().includes(-1)) return json({ title: 'Non-existent value' }, 400);
  if (places.reduce((product, list) => product * list.length, 1) > MAX_CELLS)
    return json({ title: 'Too many cells selected' }, 403);
  const [areas = [], years = [], items = []] = places;
  const chosen = all.map((one, n) => ({
    ...one,
    values: (places[n] ?? []).map((place) => at(one.values, place)),
    texts: (places[n] ?? []).map((place) => at(one.texts, place)),
  }));
  const value = areas.flatMap((area) =>
    years.flatMap((year) =>
      items.map((item) => {
        const given = book.figure(area, at(book.years, year), item).value;
        return given === null ? null : Number(given);
      }),
    ),
  );
  return json(dataset(horizon, chosen, value));
}

function dataset(
  { lastDay }: Horizon,
  variables: readonly Variable[],
  value: readonly (number | null)[] | undefined,
): object {
  const dimension = ({ label, values, texts }: Variable) => ({
    label,
    category: {
      index: Object.fromEntries(values.map((code, n) => [code, n])),
      label: Object.fromEntries(values.map((code, n) => [code, at(texts, n)])),
    },
  });
  return {
    version: '2.0',
    class: 'dataset',
    label: 'Dân số trung bình (dữ liệu mô phỏng)',
    updated: `${isoDay(lastDay)}T01:00:00Z`,
    role: { time: ['Nam'], geo: ['DiaPhuong'], metric: ['ChiTieu'] },
    id: variables.map(({ code }) => code),
    size: variables.map(({ values }) => values.length),
    dimension: Object.fromEntries(variables.map((one) => [one.code, dimension(one)])),
    ...(value === undefined ? {} : { value }),
  };
}
