import { httpDate, isoMoment } from '../days.ts';
import type { Feed, NewsItem } from './news.ts';

/** A feed's document in its form. The ill-formed one is what hand-made software writes. */
export function feedDocument(feed: Feed, items: readonly NewsItem[]): string {
  switch (feed.form) {
    case 'rss':
      return `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>${escaped(feed.title)}</title><link>https://${feed.name}.example/</link><description>dữ liệu mô phỏng</description>\n${items.map(rssItem).join('\n')}\n</channel></rss>\n`;
    case 'atom':
      return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>${escaped(feed.title)}</title><id>tag:${feed.name}.example,2026:feed</id>\n${items.map(atomEntry).join('\n')}\n</feed>\n`;
    case 'ill-formed':
      return `\n<rss version="2.0"><channel><title>${feed.title}<link>https://${feed.name}.example/\n${items.map(brokenItem).join('\n')}\n</channel></rss>`;
  }
}

function rssItem(item: NewsItem): string {
  return `<item><title>${escaped(item.title)}</title><link>${escaped(item.link)}</link><guid isPermaLink="false">${item.id}</guid><pubDate>${httpDate(item.publishedAt).replace('GMT', '+0000')}</pubDate><dc:creator>${item.author}</dc:creator><category>${escaped(item.category)}</category><description><![CDATA[<p>${item.summary}</p>]]></description></item>`;
}

function atomEntry(item: NewsItem): string {
  return `<entry><title type="html">${escaped(escaped(item.title))}</title><link rel="alternate" href="${escaped(item.link)}"/><id>${item.id}</id><published>${isoMoment(item.publishedAt)}+07:00</published><updated>${isoMoment(item.publishedAt)}+07:00</updated><author><name>${item.author}</name></author><category term="${escaped(item.category)}"/><summary>${escaped(item.summary)}</summary></entry>`;
}

/** Bare ampersands, HTML entities, an undeclared prefix, elements that are never closed. */
function brokenItem(item: NewsItem): string {
  return `<item><title>${item.title}</title><link>${item.link}</link><guid>${item.id}</guid><pubDate>${httpDate(item.publishedAt)}</pubDate><dc:creator>${item.author}</dc:creator><category>${item.category}</category><description>${item.summary}<br>&nbsp;</description></item>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
