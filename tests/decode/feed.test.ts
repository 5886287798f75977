import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeFeedRecords, readFeed } from '../../connectors/decode/feed-records.ts';
import { feedTime } from '../../connectors/decode/feed-time.ts';
import { feedText } from '../../connectors/decode/feed-text.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/feeds');
const real = existsSync(shared);
if (!real) console.warn(`skipped: the real files are not at ${shared}`);

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

const files = real
  ? readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.xml'),
    )
  : [];

/** `entries[0]['title'] == 'text'` in the comment a reference file opens with. */
const expectation = /entries\[0\]\[?\.?['"]?(title|link|id|guid)['"]?\]?\s*==\s*u?'([^'\\]*)'/;

describe('feeds', () => {
  it.skipIf(!real)('every reference feed is read, or refused as none; none crashes', () => {
    const strange = files.filter((name) => {
      const bytes = readFileSync(join(shared, name));
      const feed = readFeed(feedText(bytes, undefined));
      return feed === undefined || !feed.closed;
    });
    expect(files.length).toBeGreaterThan(500);
    expect(strange.length).toBeLessThan(files.length / 10);
  });

  it.skipIf(!real)('titles, links and ids are what the reference files say', () => {
    let compared = 0;
    const differing = files.flatMap((name) => {
      const text = feedText(readFileSync(join(shared, name)), undefined);
      const [, field = '', value = ''] = expectation.exec(text) ?? [];
      const entry = readFeed(text)?.entries[0];
      // Entities that a feed declares for itself are never resolved.
      if (
        value === '' ||
        name.includes('entity_in_doctype') ||
        /[<&%]|base64/.test(value) ||
        entry === undefined
      )
        return [];
      compared += 1;
      const mine = field === 'title' ? entry.title : field === 'link' ? entry.link : entry.id;
      return mine === value ? [] : [[name, field, value, mine]];
    });
    expect(compared).toBeGreaterThan(30);
    expect(differing.slice(0, 20)).toEqual([]);
  });

  const rss = (items: string, end = '</channel></rss>') =>
    `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo mô phỏng</title>${items}${end}`;
  const entries = (text: string) => readFeed(text)?.entries;

  it('ill-formed: bare ampersands, HTML entities, open tags, undeclared prefixes, broken CDATA', () => {
    const text =
      rss(`<item><title>Đèn & điện &nbsp;hỏng</title><link>http://x.example/?a=1&b=2</link>
      <dc:creator>Ban <b>biên tập</dc:creator></item>
      <item><title><![CDATA[<b>Ngập</b> phố]]></title><guid>g2</guid><description>một<br>hai<script>x()</script></description></item>`);
    expect(entries(text)).toEqual([
      expect.objectContaining({
        title: 'Đèn & điện hỏng',
        link: 'http://x.example/?a=1&b=2',
        id: 'http://x.example/?a=1&b=2',
        feed: 'Báo mô phỏng',
      }),
      expect.objectContaining({ title: 'Ngập phố', id: 'g2', summary: 'một hai' }),
    ]);
  });

  it('encodings: the transport or the prolog lies, the bytes decide; legacy Vietnamese is NFC', () => {
    const utf8 = Buffer.from(
      rss('<item><title>Đường ngập</title></item>').replace('utf-8', 'iso-8859-1'),
    );
    expect(entries(feedText(utf8, 'text/xml; charset=windows-1252'))?.[0]?.title).toBe(
      'Đường ngập',
    );
    const legacy = Buffer.from(
      '<rss><channel><item><title>Ti\xEA\xECng</title></item></channel></rss>',
      'latin1',
    );
    expect(entries(feedText(legacy, 'text/xml; charset=windows-1258'))?.[0]?.title).toBe('Tiếng');
    const utf16 = Buffer.from(`\uFEFF${rss('<item><title>Đường</title></item>')}`, 'utf16le');
    expect(entries(feedText(utf16, undefined))?.[0]?.title).toBe('Đường');
  });

  it.each([
    ['Sun, 22 Nov 2026 08:00:00 +0700', '2026-11-22T01:00:00.000Z'],
    ['Sun, 22 Nov 2026 08:00:00 GMT', '2026-11-22T08:00:00.000Z'],
    ['22 Nov 2026 08:00:00', '2026-11-22T01:00:00.000Z'],
    ['2026-11-22T08:00:00+07:00', '2026-11-22T01:00:00.000Z'],
    ['2026-11-22 08:00:00', '2026-11-22T01:00:00.000Z'],
    ['22/11/2026 08:00', '2026-11-22T01:00:00.000Z'],
    ['2026-11-22', '2026-11-21T17:00:00.000Z'],
    ['hôm qua', null],
    ['32/13/2026', null],
  ])('the time “%s” is %s', (text, at) => {
    expect(feedTime(text)).toBe(at);
  });

  const decode = async (bytes: string) => {
    open?.close();
    open = await openTestDecode([{ name: 'feed.xml', bytes }]);
    const wanted = { into: 't', records: '', fields: [{ as: 'title', from: 'title' }] };
    await decodeFeedRecords(open.session, open.session.files, wanted);
    return open.rows('select title, _row, _malformed from t order by _row');
  };

  it('A12 a feed that is cut is refused, A30 a page that is no feed too; an empty feed is empty', async () => {
    const whole = rss('<item><title>a</title></item><item><title>b</title></item>');
    expect(await decode(whole)).toEqual([
      ['a', '1', null],
      ['b', '2', null],
    ]);
    for (const at of [whole.length - 3, whole.length - 20, whole.length - 50])
      await expect(decode(whole.slice(0, at))).rejects.toMatchObject({ code: 'file-cut' });
    await expect(decode('<html><body>Bảo trì</body></html>')).rejects.toMatchObject({
      code: 'file-not-feed',
    });
    expect(await decode(rss(''))).toEqual([]);
  });
});
