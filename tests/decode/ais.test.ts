import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { aisMessage } from '../../connectors/decode/ais-message.ts';
import { decodeAisRecords } from '../../connectors/decode/ais-records.ts';
import { aisLine } from '../../connectors/decode/ais-sentence.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/ais');
const real = existsSync(shared);
if (!real) console.warn(`skipped: the real files are not at ${shared}`);

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

const fields = [
  'message_type',
  'mmsi',
  'received_at',
  'name',
  'longitude',
  'heading',
  'sentences',
] as const;

async function records(bytes: string) {
  open?.close();
  open = await openTestDecode([{ name: 'ais.log', bytes }]);
  const wanted = fields.map((from) => ({ as: from, from }));
  await decodeAisRecords(open.session, open.session.files, {
    into: 't',
    records: '',
    fields: wanted,
  });
  return open.rows('select message_type, mmsi, received_at, name, _malformed from t order by _row');
}

interface Expected {
  readonly raw: readonly string[];
  readonly checksum_ok: boolean;
  readonly decoded: Readonly<Record<string, string | number | boolean>>;
}

/** What the oracle's names and "not available" mean in ours. */
const same: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['turn', 'rate_of_turn', []],
  ['speed', 'speed', [102.3]],
  ['lon', 'longitude', [181]],
  ['lat', 'latitude', [91]],
  ['course', 'course', [360]],
  ['heading', 'heading', [511]],
  ['second', 'second', [60, 61, 62, 63]],
  ['imo', 'imo', [0]],
  ['callsign', 'call_sign', ['']],
  ['shipname', 'name', ['']],
  ['ship_type', 'ship_type', [0]],
  ['draught', 'draught', [0]],
  ['destination', 'destination', ['']],
];

describe('AIS', () => {
  it.skipIf(!real).each(['ais_test_messages', 'messages.ais', 'sample.ais'])(
    'reads %s as another decoder does',
    (file) => {
      const lines = readFileSync(join(shared, `expected.${file}.ndjson`), 'utf8')
        .trim()
        .split('\n');
      for (const line of lines) {
        const { raw, decoded, checksum_ok } = JSON.parse(line) as Expected;
        const read = raw.join('\n').split('\n').map(aisLine);
        const parts = read.flatMap((one) => (one.kind === 'sentence' ? [one.sentence] : []));
        // The other decoder guesses at a sentence without its checksum's sign; we set it aside.
        if (!checksum_ok || !raw.join('').includes('*')) {
          expect(read.map(({ kind }) => kind)).toContain('malformed');
          continue;
        }
        const fill = parts.at(-1)?.fillBits ?? 0;
        const message = aisMessage(parts.map(({ payload }) => payload).join(''), fill) ?? {};
        expect([message['message_type'], Number(message['mmsi'])]).toEqual([
          decoded['msg_type'],
          decoded['mmsi'],
        ]);
        for (const [theirs, ours, unknown] of same) {
          const value = decoded[theirs];
          // Their rate of turn is converted for all but the ends of its scale.
          if (value === undefined || (theirs === 'turn' && value !== -128)) continue;
          const given = theirs === 'turn' || unknown.includes(value) ? undefined : value;
          const mine = message[ours];
          const read2 = typeof given === 'number' && mine !== undefined ? Number(mine) : mine;
          expect([line, ours, read2]).toEqual([line, ours, given]);
        }
      }
      expect(lines.length).toBeGreaterThan(5);
    },
  );

  it.skipIf(!real)('takes the time of a message from the Gatehouse line before it', async () => {
    const rows = await records(readFileSync(join(shared, 'pyais/timestamped.ais'), 'utf8'));
    // The second time line was edited without its checksum.
    expect(rows.map((row) => [row[0], row[2], row[4]])).toEqual([
      ['1', '2008-05-09T00:00:00.010Z', null],
      ['1', null, null],
      [null, null, 'line-malformed'],
      ['1', null, null],
      ['1', null, null],
    ]);
  });

  const one = '!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23';
  const [first, second] = [
    '!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C',
    '!AIVDM,2,2,1,A,88888888880,2*25',
  ];

  it('joins the parts of a message, with others between them; times before and after a sentence', async () => {
    expect(
      await records(
        [first, one, second, `${one},1793000000`, `2026-11-22T08:00:00Z ${one}`].join('\r\n'),
      ),
    ).toEqual([
      ['1', '227006760', null, null, null],
      ['5', '351759000', null, 'EVER DIADEM', null],
      ['1', '227006760', '2026-10-26T07:33:20.000Z', null, null],
      ['1', '227006760', '2026-11-22T08:00:00.000Z', null, null],
    ]);
  });

  it('sets aside what is no sentence, one by one: checksum, payload, parts that stay alone; none is lost', async () => {
    const lines = [
      one.replace('*23', '*24'),
      '!AIVDM,1,1,,A,,0*26',
      'not a sentence at all',
      first,
      first,
      second,
      second,
      '{"json": 1}',
      '$GPGGA,092725.00,4717.11399,N,00833.91590,E,1,08,1.01,499.6,M,48.0,M,,*5B',
      one,
      '# a comment',
      '',
    ];
    const rows = await records(`${lines.join('\n')}\n`);
    expect(rows.map((row) => [row[0], row[4]])).toEqual([
      [null, 'line-malformed'],
      [null, 'line-malformed'],
      [null, 'line-malformed'],
      [null, 'line-malformed'],
      ['5', null],
      [null, 'line-malformed'],
      [null, 'line-malformed'],
      ['0', null],
      ['1', null],
    ]);
  });

  it('a tag block gives the time; one with a wrong checksum tells none', async () => {
    const tag = String.raw`\s:r3669961,c:1241544035*5C\ `.trim();
    const sum = Buffer.from('s:r3669961,c:1241544035').reduce((x, byte) => x ^ byte, 0);
    const right = tag.replace('*5C', `*${sum.toString(16).padStart(2, '0')}`);
    const wrong = tag.replace('*5C', `*${(sum ^ 1).toString(16).padStart(2, '0')}`);
    expect(await records(`${right}${one}\n${wrong}${one}\n`)).toEqual([
      ['1', '227006760', '2009-05-05T17:20:35.000Z', null, null],
      ['1', '227006760', null, null, null],
    ]);
  });
});
