import { isoDay, momentOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { notFound, type Handler, type Reply } from '../http/reply.ts';
import type { Yearbook, YearbookFigure } from './yearbook.ts';

const ROOT = '/sdmx/rest/data/';
const CSV = 'application/vnd.sdmx.data+csv;version=2.0.0';

/**
 * SDMX-REST of the statistics office: flow `DANSO` in SDMX-CSV 2.0 with `updatedAfter` (the preliminary year is updated
 * on the last visible day, the others in spring), 404 for nothing new; flow `LON` is too big and says so in the footer
 * of an empty message under HTTP 200.
 */
export function sdmxRoutes(horizon: Horizon, yearbook: () => Yearbook): Handler {
  return ({ path, query }) => {
    if (!path.startsWith('/sdmx/')) return undefined;
    const [flow] = path.startsWith(ROOT) ? path.slice(ROOT.length).split('/') : [];
    if (flow === 'LON') return deferred(horizon);
    return flow === 'DANSO'
      ? figures(horizon, yearbook(), query.get('updatedAfter'))
      : notFound(path);
  };
}

function figures({ lastDay }: Horizon, book: Yearbook, after: string | null): Reply {
  const since = after === null ? -Infinity : Date.parse(after) / 1000;
  const changed = (year: number) =>
    momentOf(year === book.preliminaryYear ? lastDay : lastDay - 200);
  const rows = book.years
    .filter((year) => changed(year) > since)
    .flatMap((year) =>
      book.items.flatMap((_, item) =>
        book.areas.map((__, area) => row(book.figure(area, year, item), item)),
      ),
    );
  if (rows.length === 0)
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'NoResultsFound' };
  const head =
    'STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS';
  const updated = new Date(momentOf(lastDay, 1) * 1000).toUTCString();
  return {
    status: 200,
    headers: { 'content-type': CSV, date: updated },
    body: `${[head, ...rows].join('\n')}\n`,
  };
}

function row({ area, year, value, preliminary }: YearbookFigure, item: number): string {
  const indicator = item === 0 ? 'DANSO' : 'SOHO';
  const status = preliminary ? 'P' : 'A';
  return [
    'dataflow',
    'TK:DANSO(1.0)',
    'I',
    indicator,
    `"${area}"`,
    'A',
    year,
    value ?? '',
    item === 0 ? 3 : 0,
    status,
  ].join(',');
}

/** An answer that is put off: a message without data whose footer names a file to ask for later. */
function deferred({ lastDay }: Horizon): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<m:GenericData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:f="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message/footer" xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
<m:Header><m:ID>LON</m:ID><m:Test>false</m:Test><m:Prepared>${isoDay(lastDay)}T01:00:00</m:Prepared><m:Sender id="TK"/></m:Header>
<f:Footer><f:Message code="413" severity="Infomation"><c:Text xml:lang="en">Response size exceeds limit</c:Text><c:Text xml:lang="en">/sdmx/rest/file/1</c:Text></f:Message></f:Footer>
</m:GenericData>
`;
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}
