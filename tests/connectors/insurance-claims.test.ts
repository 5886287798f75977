import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFields, claimTables } from '../../connectors/insurance-claims/claim-tables.ts';
import { insuranceClaims } from '../../connectors/insurance-claims/connector.ts';
import { tableRows } from '../../connectors/connector-file.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import {
  base64,
  drugLine,
  packageXml,
  serviceLine,
  tableXml,
  wholeClaim,
  type Claim,
} from './claim-package.ts';
import { zipOf } from './roster-bundle.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-claims-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const lenient = {
  ...insuranceClaims,
  streams: (config: Parameters<typeof insuranceClaims.streams>[0]) =>
    insuranceClaims.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
};
const put = (name: string, content: string | Uint8Array) =>
  writeFileSync(join(directory, name), content);
const ingest = (more: object = {}, options: Parameters<SourceHome['ingest']>[2] = {}) =>
  home.ingest(lenient, { base: directory, ...more }, options);
const quarantined = (stream: string) =>
  home.rows(`select reason, field from meta.quarantine where stream = '${stream}' order by all`);

describe('tables', () => {
  it('knows every table and field of the decision, and classifies what is about a person', () => {
    const file = join(
      dirname(fileURLToPath(import.meta.url)),
      '../../../shared/data/health/bhyt_xml_fields_qd4750.csv',
    );
    if (existsSync(file)) {
      const known = new Set([...claimFields.keys(), 'PP_DIEUTRI']);
      const rows = tableRows(readFileSync(file, 'utf8'));
      expect(rows.filter(({ field = '' }) => !known.has(field))).toEqual([]);
      for (const { name, fields } of claimTables) {
        const listed = rows.filter(({ table }) => table === name).map(({ field = '' }) => field);
        const own = new Set(['MA_LK', 'PP_DIEUTRI', ...fields.map((field) => field.name)]);
        expect([name, listed.filter((field) => !own.has(field))]).toEqual([name, []]);
      }
    }
    const open = [...claimFields.values()].filter(({ classification }) =>
      ['public', 'internal'].includes(classification),
    );
    const about = /NAME|TEN_(BS|CON|CHA|ME)|CCCD|THE_BHYT|DIA_CHI|SINH|CHAN_DOAN|BENH|DIEN_THOAI/;
    expect(open.map(({ name }) => name).filter((name) => about.test(name))).toEqual([]);
  });

  it('has no two fields of one table in one column', () => {
    for (const { fields } of claimTables) {
      const columns = fields.map(({ column }) => column);
      expect(columns).toEqual([...new Set(columns)]);
    }
  });
});

describe('packages', () => {
  it('reads every table, types it and compares the amounts', async () => {
    const others: Claim = Object.fromEntries(
      claimTables
        .filter(({ name }) => !['XML0', 'XML1', 'XML2', 'XML3'].includes(name))
        .map(({ name, fields }) => [
          name,
          [
            Object.fromEntries([
              ['MA_LK', 'A1'],
              ...fields.map(({ name: field, kind }) => [field, sample[kind]]),
            ]),
          ],
        ]),
    );
    put('goi.xml', packageXml([{ ...wholeClaim('A1'), ...others }, wholeClaim('A2')]));
    const { batches, failure } = await ingest();
    expect([failure, batches[0]?.findings]).toEqual([undefined, []]);
    const counts = Object.fromEntries(
      Object.entries(batches[0]?.counts ?? {}).map(([stream, count]) => [stream, count.new]),
    );
    expect(counts).toMatchObject({ claim_package: 1, claim: 2, claim_drug: 2, claim_service: 2 });
    for (const { stream, name } of claimTables)
      if (!['XML0', 'XML1', 'XML2', 'XML3'].includes(name))
        expect([name, counts[stream]]).toEqual([name, 1]);
    expect(
      await home.rows(`select treatment_code, birth_date::varchar, birth_year::varchar, admitted_at::varchar,
        insurer_part::varchar, insurer_part_matches, hospital_total_matches, patient_copayment_matches
        from staging.claim order by 1`),
    ).toEqual([
      ['A1', '1985-04-12', '1985', '2026-11-01 07:30:00', '96000.00', true, true, true],
      ['A2', '1985-04-12', '1985', '2026-11-01 07:30:00', '96000.00', true, true, true],
    ]);
    expect(
      await home.rows(
        `select facility_code, line_no::varchar, hospital_amount_matches, insured_amount_matches from staging.claim_drug`,
      ),
    ).toEqual([
      ['31001', '1', true, true],
      ['31001', '1', true, true],
    ]);
    expect(
      await home.rows(
        'select found_claims::varchar, edition, is_signed from staging.claim_package',
      ),
    ).toEqual([['2', '3176', true]]);
  });

  it('B27 reads the tables of edition 3176 and of 4750 into the same columns', async () => {
    const referral = (fields: object) => ({
      ...wholeClaim('R'),
      XML13: [{ MA_LK: 'R', SO_HOSO: '1', ...fields }],
    });
    put('a.xml', packageXml([referral({ MA_NOI_DEN: '01001', TEN_DICH_VU: 'Mổ' })]));
    await ingest();
    const read = () =>
      home.rows(
        'select referred_to_code, service_name, referral_condition from staging.claim_referral',
      );
    expect(await read()).toEqual([['01001', 'Mổ', null]]);
    put(
      'b.xml',
      packageXml([referral({ MA_CSKCB_DEN: '01002', TINH_TRANG_CT: 'Ổn định' })], {
        madeOn: '20261106',
      }),
    );
    await ingest();
    expect(await read()).toEqual([['01002', null, 'Ổn định']]);
    expect(await home.rows('select edition from staging.claim_package order by 1')).toEqual([
      ['3176'],
      ['4750'],
    ]);
  });

  it('B29 takes any root and row names, prefixes, order and empty elements', async () => {
    const odd = base64(
      `<k:Bang xmlns:k="urn:x"><k:Nhom><k:Dong><k:THANH_TIEN_BV>20000</k:THANH_TIEN_BV><k:STT>1</k:STT><k:MA_LK>A</k:MA_LK><k:LIEU_DUNG/><k:LA>x</k:LA></k:Dong></k:Nhom></k:Bang>`,
    );
    put('a.xml', packageXml([{ ...wholeClaim('A'), XML2: odd.replaceAll(/(.{60})/g, '$1\n') }]));
    const { batches } = await ingest();
    expect(batches[0]?.counts['claim_drug']).toMatchObject({ received: 1, new: 1 });
    expect(
      await home.rows('select treatment_code, hospital_amount::varchar from staging.claim_drug'),
    ).toEqual([['A', '20000.00']]);
  });

  it('B32 days of birth of which only the year, or year and month, are known keep what is known', async () => {
    const claims = ['198500000000', '19850400', '1985', '12/04/1985', '198513010000'].map(
      (born, at) => wholeClaim(`B${at}`, { NGAY_SINH: born }),
    );
    put('a.xml', packageXml(claims));
    await ingest();
    expect(
      await home.rows(
        'select treatment_code, birth_date::varchar, birth_year::varchar from staging.claim order by 1',
      ),
    ).toEqual([
      ['B0', null, '1985'],
      ['B1', null, '1985'],
      ['B2', null, '1985'],
      ['B3', '1985-04-12', '1985'],
    ]);
    expect(await quarantined('claim')).toEqual([['date-invalid', 'birth_date']]);
    expect(await quarantined('claim_drug')).toEqual([['parent-quarantined', null]]);
  });

  it('B31 says which amounts do not agree, within the declared rounding, and goes on', async () => {
    put(
      'a.xml',
      packageXml([
        wholeClaim('A', { T_BHTT: '96000.80' }),
        wholeClaim('B', { T_BHTT: '90000' }),
        wholeClaim('C', { T_TONGCHI_BV: '999999' }),
      ]),
    );
    const { batches } = await ingest();
    expect(batches[0]?.findings.toSorted()).toEqual([
      'claims-hospital-total-differs',
      'claims-insurer-part-differs',
    ]);
    expect(batches[0]?.samples.join()).not.toMatch(/\bA\b|BN-/);
    const matches = () =>
      home.rows(
        'select treatment_code, insurer_part_matches, hospital_total_matches from staging.claim order by 1',
      );
    expect(await matches()).toEqual([
      ['A', true, true],
      ['B', false, true],
      ['C', true, false],
    ]);
    await ingest({ tolerance: 0 }, { full: true });
  });
});

describe('packages sent again', () => {
  const linesOf = () =>
    home.rows(`select treatment_code, 'thuốc', count(*)::varchar from staging.claim_drug group by 1
      union all select treatment_code, 'dịch vụ', count(*)::varchar from staging.claim_service group by 1 order by all`);

  it('B24 B26 B37 a corrected claim replaces the claim and all its lines, also when none are left', async () => {
    const first = { ...wholeClaim('A'), XML2: [drugLine('A', 1), drugLine('A', 2)] };
    put('1.xml', packageXml([first, wholeClaim('B')]));
    await ingest();
    expect(await linesOf()).toEqual([
      ['A', 'dịch vụ', '1'],
      ['A', 'thuốc', '2'],
      ['B', 'dịch vụ', '1'],
      ['B', 'thuốc', '1'],
    ]);
    const again = {
      XML1: wholeClaim('A', { T_TONGCHI_BV: '200000' })['XML1'] ?? [],
      XML3: [serviceLine('A', 1), serviceLine('A', 2)],
    };
    put('2.xml', packageXml([again], { madeOn: '20261120' }));
    const { batches } = await ingest();
    expect(batches[1]?.counts['claim_drug']).toMatchObject({ filtered: 1, deleted: 2 });
    expect(await linesOf()).toEqual([
      ['A', 'dịch vụ', '2'],
      ['B', 'dịch vụ', '1'],
      ['B', 'thuốc', '1'],
    ]);
    expect(
      await home.rows(
        `select hospital_total::varchar, hospital_total_matches from staging.claim where treatment_code = 'A'`,
      ),
    ).toEqual([['200000.00', true]]);
    expect(await home.rows('select count(*)::varchar from history.claim')).toEqual([['1']]);
  });

  const labLine = (index: number) => ({
    ...{ MA_LK: 'A', STT: index, MA_DICH_VU: `XN.${index}`, MA_CHI_SO: `C${index}`, GIA_TRI: '5' },
  });
  const labs = () => home.rows('select count(*)::varchar from staging.claim_test');

  it('B24 B37 a claim sent again without one of XML4–XML15 has no lines of it any more; others keep theirs', async () => {
    const others = { XML4: [{ ...labLine(1), MA_LK: 'B' }] };
    put(
      '1.xml',
      packageXml([
        { ...wholeClaim('A'), XML4: [labLine(1), labLine(2)] },
        { ...wholeClaim('B'), ...others },
      ]),
    );
    await ingest();
    expect(await labs()).toEqual([['3']]);
    put('2.xml', packageXml([wholeClaim('A')], { madeOn: '20261120' }));
    const { batches } = await ingest();
    expect(batches[1]?.counts['claim_test']).toMatchObject({ deleted: 2 });
    expect(await home.rows('select distinct treatment_code from staging.claim_test')).toEqual([
      ['B'],
    ]);
    expect(await home.rows('select count(*)::varchar from history.claim_test')).toEqual([['2']]);
  });

  it('B40 a package that was made earlier and comes later takes nothing away', async () => {
    const newer = {
      ...wholeClaim('A'),
      XML2: [drugLine('A', 1), drugLine('A', 2)],
      XML4: [labLine(1)],
    };
    put('1.xml', packageXml([newer], { madeOn: '20261120' }));
    await ingest();
    put('2.xml', packageXml([wholeClaim('A')], { madeOn: '20261105' }));
    await ingest();
    expect([await linesOf(), await labs()]).toEqual([
      [
        ['A', 'dịch vụ', '1'],
        ['A', 'thuốc', '2'],
      ],
      [['1']],
    ]);
  });

  it('B16 B40 of one claim twice in a batch the later stands; nothing of the earlier is mixed in', async () => {
    const early = { ...wholeClaim('A'), XML2: [drugLine('A', 1), drugLine('A', 2)] };
    put(
      'a.zip',
      zipOf({
        'z-moi.xml': packageXml([wholeClaim('A', { T_BHTT: '1' })], { madeOn: '20261102' }),
        'a-muon.xml': packageXml([early], { madeOn: '20261103' }),
      }),
    );
    const { batches } = await ingest();
    expect(batches[0]?.counts['claim']).toMatchObject({ received: 2, new: 1, filtered: 1 });
    expect(batches[0]?.counts['claim_drug']).toMatchObject({ received: 3, new: 2, filtered: 1 });
    expect(await home.rows('select insurer_part::varchar from staging.claim')).toEqual([
      ['96000.00'],
    ]);
  });

  it('B38 equal codes of two facilities are two claims; equal STT are two lines', async () => {
    const twice = { ...wholeClaim('A'), XML2: [drugLine('A', 1), drugLine('A', 1)] };
    put('a.xml', packageXml([twice]));
    put('b.xml', packageXml([wholeClaim('A')], { facility: '31002' }));
    await ingest();
    expect(await home.rows('select count(*)::varchar from staging.claim')).toEqual([['2']]);
    expect(await linesOf()).toEqual([
      ['A', 'dịch vụ', '2'],
      ['A', 'thuốc', '3'],
    ]);
  });
});

describe('what is wrong', () => {
  it('B17 a package with fewer claims than it declares waits in quarantine, others do not', async () => {
    put(
      'a.zip',
      zipOf({
        'a.xml': packageXml([wholeClaim('A')], { declared: 2 }),
        'b.xml': packageXml([wholeClaim('B')]),
      }),
    );
    await ingest();
    expect(await home.rows('select treatment_code from staging.claim')).toEqual([['B']]);
    expect(await quarantined('claim')).toEqual([['package-incomplete', null]]);
    expect(await quarantined('claim_service')).toEqual([['package-incomplete', null]]);
    expect(
      await home.rows(
        'select declared_claims::varchar, found_claims::varchar from staging.claim_package order by 1 desc',
      ),
    ).toEqual([
      ['2', '1'],
      ['1', '1'],
    ]);
  });

  it.each([
    ['not base64', '%%%', 'claims-not-base64'],
    ['cut inside', base64(tableXml('XML2', [drugLine('A', 1)]).slice(0, 90)), 'xml-truncated'],
    ['H09 a DTD', base64('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), 'xml-dtd'],
    ['H10 deep', base64('<a>'.repeat(200)), 'xml-too-deep'],
  ])('a table that is %s makes its claim wait, not the package', async (_, XML2, reason) => {
    put('a.xml', packageXml([{ ...wholeClaim('A'), XML2 }, wholeClaim('B')]));
    const { batches, failure } = await ingest();
    expect(failure).toBeUndefined();
    expect(await quarantined('claim_drug')).toEqual([[reason, null]]);
    expect(await quarantined('claim')).toEqual([[reason, null]]);
    expect(await home.rows('select treatment_code from staging.claim_service')).toEqual([['B']]);
    expect(batches[0]?.counts['claim_package']).toMatchObject({ new: 1 });
  });

  it('B42 an unreadable XML1 does not make its claim disappear', async () => {
    put('a.xml', packageXml([{ ...wholeClaim('A'), XML1: '!!!!' }, wholeClaim('B')]));
    const { batches } = await ingest();
    expect(batches[0]?.counts['claim']).toMatchObject({ received: 2, new: 1, quarantined: 1 });
  });

  it('A42 B30 B42 each bad value has its reason; a row of another claim is not taken in', async () => {
    const bad = (line: number, more: object) => ({ ...drugLine('A', line), ...more });
    put(
      'a.xml',
      packageXml([
        { ...wholeClaim('A'), XML2: [bad(1, { SO_LUONG: '1,5' }), bad(2, { MA_LK: 'B' })] },
        wholeClaim('C', { NGAY_VAO: '202602300000' }),
      ]),
    );
    await ingest();
    expect(await quarantined('claim_drug')).toEqual([
      ['claim-of-another', null],
      ['number-invalid', 'quantity'],
      ['parent-quarantined', null],
    ]);
    expect(await quarantined('claim')).toEqual([['timestamp-invalid', 'admitted_at']]);
    expect(await home.rows('select hospital_total_matches from staging.claim')).toEqual([[null]]);
  });

  it.each([
    ['xml-truncated', packageXml([wholeClaim('A')]).slice(0, 900)],
    ['xml-dtd', `<!DOCTYPE x [<!ENTITY a "b">]>${packageXml([])}`],
    ['xml-html', '<html><body>Đăng nhập</body></html>'],
    ['claims-not-a-package', '<HDon/>'],
    ['xml-empty', '  '],
  ])('a file that cannot be read publishes nothing: %s', async (code, text) => {
    put('a.xml', text);
    const { batches } = await ingest();
    expect(batches.map(({ status, findings }) => [status, findings])).toEqual([['failed', [code]]]);
  });

  it('a zip with other documents reads the packages and tells of the others', async () => {
    put('a.zip', zipOf({ 'a.xml': packageXml([wholeClaim('A')]), 'b.xml': '<HDon/>' }));
    const { batches } = await ingest();
    expect(batches[0]?.counts['claim_package']).toMatchObject({ new: 1, filtered: 1 });
  });
});

it('check-ins (XML0) are read from their own document', async () => {
  put(
    'checkin.xml',
    `<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB><MA_LK>V1</MA_LK><STT>1</STT><MA_CSKCB>31001</MA_CSKCB>
      <NGAY_VAO>202611220801</NGAY_VAO></TRANG_THAI_KCB><TRANG_THAI_KCB><MA_LK>V2</MA_LK><MA_CSKCB>31001</MA_CSKCB>
      <NGAY_VAO>202611220812</NGAY_VAO></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB></CHI_TIEU_TRANG_THAI_KCB>`,
  );
  const { batches } = await ingest();
  expect(batches[0]?.counts['claim_check_in']).toMatchObject({ received: 2, new: 2 });
  expect(
    await home.rows(
      'select facility_code, treatment_code, admitted_at::varchar from staging.claim_check_in order by 2',
    ),
  ).toEqual([
    ['31001', 'V1', '2026-11-22 08:01:00'],
    ['31001', 'V2', '2026-11-22 08:12:00'],
  ]);
});

const sample = {
  text: 'x',
  count: '3',
  days: '3',
  money: '1000.50',
  price: '10.125',
  quantity: '1.5',
  percent: '80',
  day: '20261101',
  birth: '198504120000',
  time: '202611010730',
} as const;
