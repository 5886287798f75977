import { dashedMoment } from '../days.ts';
import { FEEDS } from '../feeds/news.ts';
import { itemsBetween } from '../feeds/routes.ts';
import { plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** `news_items`: of all feeds, by the day of publishing. */
export function newsItemLedger(seed: number): LedgerStream {
  const rows = ({ from, to }: LedgerRange) =>
    FEEDS.flatMap((feed) =>
      itemsBetween(seed, feed, from, to).map(({ publishedAt, ...item }) => ({
        feed: feed.name,
        ...item,
        published_at: dashedMoment(publishedAt),
      })),
    );
  return { rows, counts: (range) => plainCounts(rows(range).length) };
}
