import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { dhis2Period } from './period.ts';

/** Distinct periods that are looked at together. */
const together = 10_000;

/** Makes the table `periods` for the distinct texts of a column: what each means, for those that are periods. */
export async function makePeriodTable(
  session: DecodeSession,
  from: string,
  column: string,
): Promise<void> {
  const appender = await session.appendTo(
    'periods',
    ['given', 'id', 'type', 'period', 'starts_on', 'ends_on'].map((name) => ({
      name,
      type: 'varchar',
    })),
  );
  for (let offset = 0; ; offset += together) {
    const rows = await session.rows(`select distinct ${column} as given from ${from}
      where ${column} is not null order by 1 limit ${together} offset ${offset}`);
    const read = rows.flatMap(({ given }) => {
      const period = dhis2Period(given ?? '');
      return period ? [{ given: given ?? '', ...period }] : [];
    });
    if (read.length > 0)
      await appender.append([
        read.map(({ given }) => given),
        read.map(({ id }) => id),
        read.map(({ type }) => type),
        read.map(({ period }) => period ?? null),
        read.map(({ startsOn }) => startsOn),
        read.map(({ endsOn }) => endsOn),
      ]);
    if (rows.length < together) break;
  }
  await appender.close();
}
