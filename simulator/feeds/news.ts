import { momentOf } from '../days.ts';
import { at, Dice, fraction, roundByChance, STREAM } from '../random.ts';

/** Papers and pages that write about the city; each in the form that its software makes. */
export const FEEDS = [
  { name: 'bao-dien-tu', title: 'Báo điện tử (mô phỏng)', form: 'rss' },
  { name: 'cong-thong-tin', title: 'Cổng thông tin (mô phỏng)', form: 'atom' },
  { name: 'trang-tong-hop', title: 'Trang tổng hợp (mô phỏng)', form: 'ill-formed' },
] as const;

/** One of {@link FEEDS}. */
export type Feed = (typeof FEEDS)[number];

/** One item, as its author wrote it. The moment is in local seconds. */
export type NewsItem = {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly summary: string;
  readonly author: string;
  readonly category: string;
  readonly publishedAt: number;
};

const TOPICS = ['ngập phố & tắc đường', 'rác thải', 'an toàn thực phẩm', 'học phí', 'đèn đường'];

/** Items of a day in one feed, on average. */
const ITEMS_A_DAY = 4;

/** The items of a feed on a day, oldest first. */
export function newsOf(seed: number, feed: Feed, day: number): readonly NewsItem[] {
  const key = FEEDS.indexOf(feed) * 100_000 + day;
  const count = roundByChance(ITEMS_A_DAY, fraction(seed, STREAM.newsItem, key));
  return Array.from({ length: count }, (_, n) => {
    const dice = new Dice(seed, STREAM.newsItem, key, n + 1);
    const topic = at(TOPICS, dice.int(TOPICS.length));
    const id = `${feed.name}-${String(day)}-${String(n + 1)}`;
    return {
      id,
      title: `Tin mô phỏng về ${topic} số ${String(n + 1)}`,
      link: `https://${feed.name}.example/?id=${id}&muc=tin`,
      summary: `Nội dung mô phỏng: người dân nói về ${topic}.`,
      author: 'Phóng viên mô phỏng',
      category: topic,
      publishedAt: momentOf(day, 5 + n, dice.int(60), dice.int(60)),
    };
  });
}
