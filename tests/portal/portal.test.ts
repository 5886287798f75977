import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../server/test-server.ts';
import { chromiumPath, launchBrowser } from './browser.ts';

/** Where pictures of every page go, to be looked at: `PORTAL_PICTURES=/tmp/x npx vitest run tests/portal`. */
const pictures = process.env['PORTAL_PICTURES'];

const reason = chromiumPath === undefined ? ' (skipped: no Chromium installed)' : '';

describe.skipIf(chromiumPath === undefined)(`the portal in a browser${reason}`, () => {
  let built: string;
  let test: TestServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'phusa-portal-'));
    await build({
      configFile: join(import.meta.dirname, '../../vite.config.ts'),
      root: join(import.meta.dirname, '../../portal'),
      logLevel: 'error',
      build: { outDir: built },
    });
    test = await startTestServer({ portalDir: built });
    browser = await launchBrowser(chromiumPath ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
  });
  afterAll(async () => {
    await browser.close();
    await test.close();
    await rm(built, { recursive: true, force: true });
  });

  async function picture(name: string): Promise<void> {
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    }
  }

  async function visit(path: string, text: string): Promise<void> {
    await page.goto(test.url + path);
    await page.getByText(text).first().waitFor();
    await page.waitForLoadState('networkidle');
  }

  it('lets nobody in without signing in, and says what was wrong', async () => {
    await visit('/editions', 'Đăng nhập');
    await page.getByLabel('Tên đăng nhập').fill('demo');
    await page.getByLabel('Mật khẩu').fill('sai');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByText('Tên hoặc mật khẩu không đúng.').waitFor();
    await picture('sign-in');
    await page.getByLabel('Mật khẩu').fill('demo');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByText('Báo cáo đã phát hành').waitFor();
    await picture('editions');
  });

  it('says on every page that data are simulated and the home is solo', async () => {
    await visit('/', 'Tổng quan');
    await page.getByText('DỮ LIỆU MÔ PHỎNG').first().waitFor();
    await page.getByText('Kho một người dùng').waitFor();
    await page.getByText('dvc-hai-phong').first().waitFor();
    await picture('overview');
  });

  it('goes from a figure of an edition to its trace, receipts and bytes', async () => {
    await visit('/v/7K3M9QXA', 'Bảng 1. Kết quả giải quyết hồ sơ theo cơ quan');
    await picture('edition');
    await page.getByRole('link', { name: '861', exact: true }).click();
    await page.getByText('BẰNG NHAU').waitFor();
    expect(decodeURIComponent(page.url())).toContain(
      'ref=edition:tthc/2026-10@nd09/v1#bang1.H24.09.tiep_nhan',
    );
    await page.getByText('select count(*) as value').waitFor();
    await picture('trace');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Tải nguyên văn' }).click();
    expect((await download).suggestedFilename()).toBe('tệp.pdf');
  });

  it('every figure of the document is a link, marks included', async () => {
    await visit('/v/7K3M9QXA', 'Bảng 1. Kết quả giải quyết hồ sơ theo cơ quan');
    expect(await page.locator('a.figure').count()).toBe(20);
    expect(await page.locator('a.figure', { hasText: '…' }).count()).toBe(2);
    expect(await page.locator('a.figure', { hasText: '90,6%' }).count()).toBe(1);
    expect(await page.locator('.chart .point').count()).toBe(10);
    expect(await page.locator('.map .point').count()).toBe(6);
  });

  it.each([
    ['/sources', 'hoa-don-dien-tu', 'sources'],
    ['/sources/dvc-hai-phong', 'Các lô đã nhận', 'source'],
    ['/extracts', 'Chi cục Thống kê thành phố', 'extracts'],
    ['/extracts/ext-1', 'Quyết định', 'extract'],
    ['/extracts/new', 'Mục đích sử dụng', 'extract-new'],
    ['/sources/+new', 'Loại kết nối', 'source-new'],
    ['/journal', 'Lô: công bố', 'journal'],
    ['/trace', 'Nhập tham chiếu', 'trace-empty'],
  ])('shows %s', async (path, text, name) => {
    await visit(path, path === '/trace' ? 'Con số này từ đâu ra' : text);
    await picture(name);
    const words = await page.locator('main, .content').first().innerText();
    expect(words).not.toMatch(/\b(Status|Loading|No data|Sources?|Batch(es)?|Submit|undefined)\b/);
  });

  it('asks for an extract with what the dataset offers, and nothing else', async () => {
    await visit('/extracts/new', 'Mục đích sử dụng');
    await choose('Tập dữ liệu', 'Hồ sơ theo tháng (mart.dossier_month)');
    await page.getByText('Dữ liệu về cá nhân, doanh nghiệp').waitFor();
    expect(await page.getByText('Các cột (khi lấy từng dòng)').count()).toBe(0);
    await choose('Số cần lấy', 'Số dòng có: Tiếp nhận');
    await choose('Phân theo', 'Cơ quan');
    await page.getByRole('button', { name: 'Thêm điều kiện' }).click();
    await choose('filter', 'Tháng');
    await page.getByPlaceholder('Giá trị; nhiều giá trị').fill('2026-10');
    await page.getByLabel('Mục đích sử dụng').fill('Niên giám');
    await page.getByLabel('Bên nhận').fill('Thống kê');
    await page.getByLabel('Dùng đến hết ngày').fill('31/12/2026');
    await picture('extract-filled');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Gửi yêu cầu' }).click();
    expect((await sent).postDataJSON()).toEqual({
      request: {
        dataset: 'mart.dossier_month',
        format: 'csv',
        purpose: 'Niên giám',
        recipient: 'Thống kê',
        expires: '2026-12-31',
        groupBy: ['agency'],
        measures: [{ fn: 'count', column: 'received' }],
        filters: [{ column: 'month', op: 'eq', value: '2026-10' }],
      },
    });
  });

  async function choose(label: string, option: string): Promise<void> {
    const box =
      label === 'filter' ? page.locator('.filter-column') : page.getByLabel(label, { exact: true });
    await box.click();
    const list = page.locator('.ant-select-dropdown:visible');
    await list.getByText(option, { exact: true }).click();
    await page.keyboard.press('Escape');
    // A list that is still closing would be taken for the next one.
    await vi.waitUntil(async () => (await list.count()) === 0, 10_000);
  }

  it('adds a source: fields from the connector’s schema, a sample first, then saved', async () => {
    await visit('/sources/+new', 'Loại kết nối');
    await page.locator('.ant-select').first().click();
    await page.getByText('Dịch vụ công (dvc-http)').click();
    await page.getByLabel('Tên nguồn').fill('thu-nghiem');
    for (const field of await page.locator('.ant-form-item-required').all()) {
      const name = await field.getAttribute('for');
      if (name?.startsWith('config')) await page.locator(`#${name}`).fill('http://127.0.0.1/x');
    }
    expect(await page.getByRole('button', { name: 'Lưu nguồn' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Đọc thử' }).click();
    await page.getByText('Tìm thấy 2 tệp').waitFor();
    await picture('source-tried');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Lưu nguồn' }).click();
    expect((await sent).postDataJSON()).toMatchObject({ name: 'thu-nghiem' });
  });

  it('shows the life of a source: what a change breaks, the certificate, the history', async () => {
    await visit('/sources/phan-anh-1022', 'Có đồng ý không?');
    await page.getByText('luồng phan_anh: bỏ cột xa').waitFor();
    await page.getByRole('tab', { name: 'Chứng chỉ và lịch sử' }).click();
    await page.getByText('Khai khoảng đọc lùi (lookBack).').waitFor();
    await page.getByText('Sửa, thành phiên bản mới').waitFor();
    await picture('source-life');
    expect(await page.getByRole('button', { name: 'Phê duyệt nguồn' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Cho chạy lại' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Chứng nhận' }).waitFor();
    await visit('/sources/dvc-hai-phong', 'Các lô đã nhận');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Chứng nhận' }).click();
    expect((await sent).url()).toContain('/sources/dvc-hai-phong/certify');
  });

  it('shows quarantined rows with reasons, and more batches on demand', async () => {
    await visit('/sources/dvc-hai-phong', 'Các lô đã nhận');
    expect(await page.locator('tbody tr.ant-table-row').count()).toBe(20);
    await page.getByRole('button', { name: 'Xem thêm' }).click();
    await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(21);
    await page.getByRole('tab', { name: 'Dòng bị cách ly' }).click();
    await page.getByText('Mã số thuế phải có 10, 12 hoặc 13 chữ số').waitFor();
    await picture('quarantine');
  });

  it('verifies the journal', async () => {
    await visit('/journal', 'Lô: công bố');
    await page.getByRole('button', { name: 'Kiểm tra tính toàn vẹn' }).click();
    await page.getByText('Nguyên vẹn: 412 mục').waitFor();
  });

  it('shows problems with a way on, and unknown things as such', async () => {
    await visit('/trace?ref=missing', 'Không có “missing”.');
    await page.getByRole('button', { name: 'Thử lại' }).waitFor();
    await picture('problem');
  });

  it('speaks English when asked, and keeps it', async () => {
    await visit('/', 'Tổng quan');
    await page.getByText('English').click();
    await page.getByText('Newest editions').waitFor();
    await page.reload();
    await page.getByText('Newest editions').waitFor();
    await picture('english');
    await page.getByText('Tiếng Việt').click();
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ['/', '/v/7K3M9QXA', '/sources', '/journal']) {
      await visit(path, 'Phù Sa');
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    await visit('/v/7K3M9QXA', 'Bảng 1');
    await picture('narrow');
  });

  it.each(['leader', 'department', 'statistician', 'auditor'])(
    'a %s meets no page that is refused to them',
    async (role) => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.context().clearCookies();
      await visit('/', 'Đăng nhập');
      await page.getByLabel('Tên đăng nhập').fill(role);
      await page.getByLabel('Mật khẩu').fill(`mat-khau-${role}`);
      await page.getByRole('button', { name: 'Đăng nhập' }).click();
      await page.getByText('Tổng quan').first().waitFor();
      const refused: string[] = [];
      const watch = (response: { status(): number; url(): string }) => {
        if (response.status() === 403) refused.push(response.url());
      };
      page.on('response', watch);
      const links = await page
        .locator('.top .ant-menu a')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
      for (const path of [...links, '/sources/dvc-hai-phong', '/extracts', '/v/7K3M9QXA']) {
        await page.goto(test.url + path);
        await page.waitForLoadState('networkidle');
        await picture(`${role}-${path.split('/')[1] ?? ''}`);
      }
      page.off('response', watch);
      expect(refused).toEqual([]);
    },
  );

  it('asked nothing but our server, and nothing went wrong unseen', () => {
    const foreign = asked.filter((url) => !url.startsWith(test.url) && !/^(data|blob):/.test(url));
    expect(foreign).toEqual([]);
    const expected = /status of (401|404)/;
    expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
  });
});
