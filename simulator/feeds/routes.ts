import { httpDate } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import type { Handler } from '../http/reply.ts';
import { daysBetween } from '../ledger/stream.ts';
import { FEEDS, newsOf, type Feed, type NewsItem } from './news.ts';
import { feedDocument } from './write-feed.ts';

/** Days that a feed shows. */
const SHOWN_DAYS = 10;

/** Serves `/feeds/<name>.xml`: the items of the last ten days, newest first. */
export function feedRoutes(horizon: Horizon): Handler {
  return ({ path }) => {
    const feed = FEEDS.find(({ name }) => path === `/feeds/${name}.xml`);
    if (feed === undefined) return undefined;
    const from = Math.max(horizon.firstDay, horizon.lastDay - SHOWN_DAYS + 1);
    const items = itemsBetween(horizon.seed, feed, from, horizon.lastDay).toReversed();
    const type = feed.form === 'atom' ? 'application/atom+xml' : 'application/rss+xml';
    const headers = {
      'content-type': `${type}; charset=utf-8`,
      'last-modified': httpDate(items[0]?.publishedAt ?? horizon.lastMoment),
    };
    return { status: 200, headers, body: feedDocument(feed, items) };
  };
}

/** The items of a feed from one day to another, oldest first. */
export function itemsBetween(
  seed: number,
  feed: Feed,
  from: number,
  to: number,
): readonly NewsItem[] {
  return [...daysBetween(from, to)].flatMap((day) => newsOf(seed, feed, day));
}
