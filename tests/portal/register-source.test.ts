import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fault from '../harness/fault-server.ts';
import { pageOf, queryOf } from '../harness/paged-source.ts';
import { chromiumPath } from './browser.ts';
import { openRealPortal, type RealPortal } from './real-portal.ts';

const reason = chromiumPath === undefined ? ' (skipped: no Chromium installed)' : '';
const secret = 'khoa-bi-mat-cua-phuong';

/** Seven reports, one of which gives a day that does not exist. */
const rows = Array.from({ length: 7 }, (_, n) => ({
  ma_phan_anh: `PA${n + 1}`,
  noi_dung: `Đèn đường hỏng ${n + 1}`,
  dien_thoai: `09000000${10 + n}`,
  cap_nhat: `2026-11-0${n + 1}T08:00:00Z`,
}));

describe.skipIf(chromiumPath === undefined)(`an IT officer registers a source${reason}`, () => {
  let portal: RealPortal;
  let server: fault.FaultServer;
  beforeAll(async () => {
    const answer = pageOf({ rows: () => rows, most: 3 });
    server = await fault.startFaultServer({
      '/v1/phan-anh': (socket, request) =>
        queryOf(request).get('khoa') === secret
          ? answer(socket, request)
          : fault.status(401)(socket, request),
    });
    portal = await openRealPortal();
  }, 180_000);
  afterAll(async () => {
    await portal.close();
    await server.close();
  });

  const choose = async (label: string, option: string): Promise<void> => {
    await portal.page.getByLabel(label, { exact: true }).first().click();
    await portal.page
      .locator('.ant-select-dropdown:visible')
      .getByText(option, { exact: true })
      .click();
  };
  const fill = async (label: string, text: string): Promise<void> => {
    const field = portal.page.getByLabel(label, { exact: true }).first();
    await field.fill(text);
    await field.blur();
  };

  it('from an address, by form alone: sign-in, pages, columns that the test read proposes; saved as a draft', async () => {
    const { page, url } = portal;
    await portal.signIn('canbo');
    await page.goto(`${url}/sources/+new`);
    await page.getByText('Từ một địa chỉ').click();
    await page.getByLabel('Tên nguồn').fill('phan-anh-phuong');
    await page.getByLabel('Địa chỉ', { exact: true }).fill(`${server.url}/v1/phan-anh`);
    await page.getByRole('button', { name: 'Bắt đầu' }).click();
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await page.getByLabel('Mạng nội bộ được phép (CIDR)').fill('127.0.0.0/8');
    await page.keyboard.press('Enter');
    await choose('Cách xác thực', 'Khóa API');
    await choose('Gửi trong', 'tham số địa chỉ');
    await fill('Tên tiêu đề hoặc tham số', 'khoa');
    await page.locator('#secret-key').fill(secret);
    await fill('Bản ghi nằm ở', 'items');
    await choose('Phân trang', 'Theo vị trí (offset)');
    await fill('Số bản ghi mỗi trang', '3');
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await portal.picture('manifest-form');
    await page.getByRole('button', { name: 'Đọc thử' }).click();
    await page.getByRole('button', { name: 'Nhận 4 cột đề xuất' }).click();
    await expect.poll(() => page.getByLabel('Khóa ma_phan_anh').isChecked()).toBe(true);
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await page.getByRole('button', { name: 'Đọc thử' }).click();
    await page.getByText('Đèn đường hỏng 1').first().waitFor();
    await page.getByText('Trang 1 / 3').waitFor();
    await page.locator('.ant-pagination-next').first().click();
    await page.getByText('Đèn đường hỏng 4').first().waitFor();
    await portal.picture('manifest-test-read');
    await page.getByRole('button', { name: 'Phần kế' }).click();
    await page.getByText('Không còn dữ liệu nào để đọc ở phần này.').waitFor();
    expect(await portal.overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Lưu bản nháp' }).click();
    await page.getByText('Bản nháp').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.content()).not.toContain(secret);
    await portal.picture('source-draft');
  });

  it('problems stand at their field and in the YAML, with line and column; the file can be fetched and is the same', async () => {
    const { page, url } = portal;
    await page.goto(`${url}/sources/phan-anh-phuong/edit`);
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await fill('Tên cột 2', 'Nội dung');
    await page
      .getByText(/dòng \d+, cột \d+: sai dạng: snake_case/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Lưu thành phiên bản mới' }).isDisabled()).toBe(
      true,
    );
    await portal.picture('manifest-problem');
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page.locator('.yaml li.wrong').first().waitFor();
    const text = await page.getByLabel('Manifest YAML').inputValue();
    await page
      .getByLabel('Manifest YAML')
      .fill(
        text.replace('name: Nội dung', 'name: dien_thoai').replace('format: json', 'format: jsn'),
      );
    await page.getByText('“jsn” không được dùng; có phải “json”?').first().waitFor();
    await page.getByLabel('Manifest YAML').fill(text.replace('name: Nội dung', 'name: dien_thoai'));
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await portal.picture('manifest-yaml');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải tệp YAML' }).click();
    const file = await (await coming).path();
    expect(await readFile(file, 'utf8')).toBe(await page.getByLabel('Manifest YAML').inputValue());
    expect(await page.content()).not.toContain(secret);
  });

  it('nine proofs are shown with what they found; a second person activates; pausing asks why', async () => {
    const { page, url } = portal;
    await page.goto(`${url}/sources/phan-anh-phuong`);
    await page.getByRole('button', { name: 'Chứng nhận' }).click();
    await page.getByText('Đang chờ người thứ hai phê duyệt.').waitFor({ timeout: 90_000 });
    await page.getByRole('tab', { name: 'Chứng chỉ và lịch sử' }).click();
    await page.getByText('Phép chứng minh').first().waitFor();
    expect(await page.locator('.proofs tbody tr.ant-table-row').count()).toBe(9);
    expect(await page.getByRole('button', { name: 'Phê duyệt nguồn' }).count()).toBe(0);
    await portal.picture('source-certificate');
    await portal.signIn('quanly');
    await page.goto(`${url}/sources/phan-anh-phuong`);
    await page.getByRole('button', { name: 'Phê duyệt nguồn' }).click();
    await page.getByText('Đang hoạt động').first().waitFor();
    await page.getByRole('button', { name: 'Tạm dừng' }).click();
    await page.getByRole('textbox', { name: 'Lý do tạm dừng' }).fill('Phường bảo trì máy chủ');
    await page.getByRole('button', { name: 'Tạm dừng nguồn' }).click();
    await page.getByRole('tab', { name: 'Chứng chỉ và lịch sử' }).click();
    await page.getByText('Phường bảo trì máy chủ').first().waitFor();
    await portal.signIn('canbo');
    await page.goto(`${url}/sources/phan-anh-phuong`);
    await page.getByRole('button', { name: 'Cho chạy lại' }).click();
    await page.getByText('Đang hoạt động').first().waitFor();
    await page.getByRole('tab', { name: 'Các phiên bản' }).click();
    await page.getByText('ma_phan_anh').first().waitFor();
    expect(portal.complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
  });

  it('a ready manifest begins with its settings and keeps its comments', async () => {
    const { page, url } = portal;
    await page.goto(`${url}/sources/+new`);
    await page.getByText('Khai báo mẫu').first().click();
    await choose('Loại hệ thống', 'Tổng đài 1022');
    await page.getByText(/Còn \d+ chỗ cần sửa/).waitFor();
    await fill('Địa chỉ dịch vụ', 'https://1022.example.gov.vn/api');
    await fill('Tên truy cập', 'phusa');
    await page.getByText('Khai báo hợp lệ.').waitFor();
    await portal.picture('manifest-ready');
    await page.getByRole('tab', { name: 'YAML' }).click();
    expect(await page.getByLabel('Manifest YAML').inputValue()).toContain('# Reports to a city');
  });
});
