import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textMember } from '../../core/json-member.ts';
import { systemCall } from '../../home/system-call.ts';
import { correctWorkbook } from '../services/corrected-workbook.ts';
import { chromiumPath } from './browser.ts';
import { openRealPortal, type RealPortal } from './real-portal.ts';

const reason = chromiumPath === undefined ? ' (skipped: no Chromium installed)' : '';

/** A register that a ward sends in as CSV: names are personal, amounts have to be numbers. */
const manifest = `manifest: 1
name: so-dang-ky
label: { vi: Sổ đăng ký, en: Register }
base: 'inbox:'
streams:
  - stream: dang_ky
    label: { vi: Đăng ký, en: Register }
    files: '.*[.]csv'
    decoding: { format: csv }
    columns:
      - { name: ma, type: varchar, label: { vi: Mã, en: Code }, classification: public }
      - { name: ten, type: varchar, label: { vi: Tên, en: Name }, classification: personal }
      - { name: so, type: bigint, label: { vi: Số, en: Number }, classification: public }
    key: [ma]
    holdAbove: 0.9
`;
const lines = [
  'ma,ten,so',
  'A1,Nguyễn Văn A,12',
  'A2,Trần Thị B,mười',
  'A3,Lê Văn C,30',
  'A4,Vũ D,4x',
];
const csv = Buffer.from(lines.join('\n') + '\n');
/** Larger than one part of an upload, so that it can break off in the middle. */
const large = Buffer.from(
  `ma,ten,so\n${Array.from({ length: 60_000 }, (_, n) => `B${n},Người thứ ${n},${n}`).join('\n')}\n`,
);

describe.skipIf(chromiumPath === undefined)(`what a department supplies${reason}`, () => {
  let portal: RealPortal;
  beforeAll(async () => {
    portal = await openRealPortal();
    const { sources } = portal.home.services;
    const call = systemCall();
    const config = { yaml: manifest };
    await sources.add(call, {
      ...{ name: 'dang-ky', connector: 'manifest', owner: 'H31.06', config, freshness: 'P1D' },
    });
    await portal.signIn('canbo');
  }, 180_000);
  afterAll(() => portal.close());

  const open = async (path: string, text: string): Promise<void> => {
    await portal.page.goto(portal.url + path);
    await portal.page.getByText(text).first().waitFor();
    await portal.page.waitForLoadState('networkidle');
  };

  it('sends a file to its inbox: what broke off goes on where it was, and the digest is compared', async () => {
    const { page } = portal;
    await open('/sources/dang-ky', 'Chưa có tệp nào được gửi.');
    const offsets: number[] = [];
    page.on('request', (request) => {
      if (!request.url().endsWith('/uploads/parts')) return;
      const body: unknown = request.postDataJSON();
      const { offset } = body as { offset: number };
      offsets.push(offset);
    });
    let parts = 0;
    await page.route('**/uploads/parts', (route) =>
      (parts += 1) === 2 ? route.abort() : route.continue(),
    );
    const file = { name: 'b.csv', mimeType: 'text/csv', buffer: large };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByRole('button', { name: 'Gửi tiếp phần còn thiếu' }).click();
    await page.getByText('Đã nhận đủ b.csv, mã băm khớp.').waitFor();
    await page.unroute('**/uploads/parts');
    expect(offsets.slice(0, 3)).toEqual([0, 600_000, 600_000]);
    const digest = createHash('sha256').update(large).digest('hex');
    await page.getByText(digest).waitFor();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: csv });
    await page.getByText('Đã nhận đủ a.csv, mã băm khớp.').waitFor();
    await expect.poll(() => page.getByText(digest.slice(0, 16)).count()).toBeGreaterThan(0);
    await portal.picture('inbox');
    expect(await portal.overflow()).toBeLessThanOrEqual(0);
  });

  it('rejected rows by reason; the corrected workbook goes back, and what came of it is told', async () => {
    const { page, home } = portal;
    await home.store.decide((journal) =>
      journal.record({
        ...{ kind: 'source.active', subject: 'dang-ky', actor: 'local' },
        data: { status: 'active', approvedBy: 'local', approvedVersion: 1 },
      }),
    );
    await open('/sources/dang-ky', 'Nhận dữ liệu ngay');
    await page.getByRole('button', { name: 'Nhận dữ liệu ngay' }).click();
    await page.getByText('2 bị cách ly').waitFor();
    await page.getByRole('tab', { name: 'Dòng bị cách ly' }).click();
    await page.getByText('mười').waitFor();
    await page.getByLabel('Lọc theo lý do').click();
    await page
      .locator('.ant-select-dropdown:visible')
      .getByText('Không phải số nguyên (2)')
      .click();
    await page.getByText('4x').waitFor();
    await portal.picture('quarantine');
    expect(await portal.overflow()).toBeLessThanOrEqual(0);
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Tải bảng để sửa' }).first().click();
    const sheet = await (await coming).path();
    const fixed = await correctWorkbook(sheet, ({ ma }) => (ma === 'A2' ? { so: 10 } : {}));
    const corrected = join(tmpdir(), `sua-${process.pid}.xlsx`);
    await writeFile(corrected, fixed);
    await page.locator('.ant-table input[type=file]').first().setInputFiles(corrected);
    await page.getByText('Đã nạp thêm 1 dòng; còn 1 dòng bị cách ly.').waitFor();
    await portal.picture('quarantine-corrected');
    const { rows } = await home.services.assets.query(
      systemCall(),
      "select so from staging.dang_ky where ma = 'A2'",
      {},
    );
    expect(rows).toEqual([['10']]);
  });

  it('the rule is edited, the rows replayed: what it rejected comes in', async () => {
    const { page, url } = portal;
    await page.goto(`${url}/sources/dang-ky/edit`);
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await page.getByRole('tab', { name: 'YAML' }).click();
    const text = await page.getByLabel('Manifest YAML').inputValue();
    const blanks = "        type: bigint\n        blanks: ['4x']\n";
    await page.getByLabel('Manifest YAML').fill(text.replace(/ +type: bigint\n/, blanks));
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await page.getByRole('button', { name: 'Lưu thành phiên bản mới' }).click();
    await page.getByRole('tab', { name: 'Dòng bị cách ly' }).click();
    await page.getByRole('button', { name: 'Nạp lại các dòng bị cách ly' }).click();
    await page.getByText(/Đã nạp thêm \d[\d.]* dòng; còn 0 dòng bị cách ly/).waitFor();
  });

  it('a column that changed its name is told on the page, and taken up by a new version', async () => {
    const { page, home } = portal;
    await home.services.sources.certify(systemCall(), 'dang-ky', {});
    await home.store.decide((journal) =>
      journal.record({
        ...{ kind: 'source.active', subject: 'dang-ky', actor: 'local' },
        data: { status: 'active', approvedBy: 'local', approvedVersion: 2 },
      }),
    );
    await open('/sources/dang-ky', 'Nhận dữ liệu ngay');
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        ...{ name: 'c.csv', mimeType: 'text/csv' },
        buffer: Buffer.from('ma,tên,so\nC1,Phạm E,5\n'),
      });
    await page.getByText('Đã nhận đủ c.csv, mã băm khớp.').waitFor();
    await page.getByRole('button', { name: 'Nhận dữ liệu ngay' }).click();
    await page.getByText('cột “ten” nay tên là “tên”').waitFor();
    await portal.picture('drift');
    await page.getByRole('button', { name: 'Chấp nhận' }).click();
    await page.getByText('cột “ten” nay tên là “tên”').waitFor({ state: 'detached' });
    const { version } = await home.services.sources.show(systemCall(), 'dang-ky');
    expect(version).toBe(3);
  });

  it('whoever may not see personal data sees masked values, on the batch page too', async () => {
    const { page, home } = portal;
    const { items } = await home.services.batches.list(systemCall(), { source: 'dang-ky' });
    const batch = textMember(items.find(({ key }) => key === 'dang_ky:a.csv') ?? {}, 'id');
    await home.store.decide((journal) =>
      journal.record({
        ...{ kind: 'batch.held', subject: batch, actor: 'local' },
        data: {
          findings: [
            {
              ...{ code: 'x', severity: 'warn', on: 'dang_ky', count: 1 },
              label: { vi: 'Tên lạ', en: 'Odd name' },
              remedy: { vi: 'Xem lại', en: 'Look again' },
              sample: [{ field: 'ten', value: 'Trần Thị B' }],
            },
          ],
        },
      }),
    );
    await open(`/batches/${batch}`, 'Trần Thị B');
    await portal.picture('batch');
    expect(await portal.overflow()).toBeLessThanOrEqual(0);
    await portal.signIn('kiemtoan');
    await open(`/batches/${batch}`, 'Tên lạ');
    await page.getByText('ten = ***').waitFor();
    expect(await page.content()).not.toContain('Trần Thị B');
  });

  it('the league table counts on time against the declared freshness, and leads down to the batches', async () => {
    const { page } = portal;
    await open('/suppliers', 'mỗi ngày');
    await page.getByText('H31.06').first().waitFor();
    await page.getByText('(chưa đến hạn)').waitFor();
    await page.locator('.ant-table-row-expand-icon').first().click();
    await page.getByText('Kỳ không có dữ liệu mới').waitFor();
    await portal.picture('suppliers');
    expect(await portal.overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'dang_ky:a.csv' }).first().click();
    await page.getByText('Số dòng theo luồng').waitFor();
    expect(portal.complaints.filter((text) => !/status of 401|ERR_FAILED/.test(text))).toEqual([]);
  });
});
