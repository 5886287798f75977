import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { dvcConfig, type DvcConfig } from './config.ts';
import { decodeDvc } from './decode.ts';
import { readDvc } from './read.ts';
import { DvcService } from './service.ts';
import { dossierStreams, listStreams } from './streams.ts';

/** Online public services: dossiers with their course, by the object that the national portal synchronises. */
export const dvc: Connector<DvcConfig> = {
  name: 'dvc',
  version: '1.0.0',
  label: { vi: 'Dịch vụ công trực tuyến', en: 'Online public services' },
  description: {
    vi: 'Hồ sơ thủ tục hành chính, yêu cầu bổ sung, tiến trình, phí và danh mục từ hệ thống một cửa (JSON qua HTTP).',
    en: 'Dossiers, supplement requests, steps, fees and code lists of the one-stop system (JSON over HTTP).',
  },
  config: dvcConfig,
  secrets: { password: { vi: 'Mật khẩu dịch vụ', en: 'Password of the service' } },
  capabilities: {
    cursor: 'time',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [...dossierStreams, ...listStreams],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readDvc,
  decode: decodeDvc,
  checks: [],
};

async function check(context: ReadContext<DvcConfig>): Promise<Localized> {
  const { records } = await new DvcService(context).get('danhmuc/trangthai');
  return {
    vi: `Đăng nhập được; danh mục trạng thái có ${records} mục.`,
    en: `Signed in; the list of statuses has ${records} entries.`,
  };
}
