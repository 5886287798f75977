import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { figureChecks } from '../socioeconomic-figure.ts';
import { originsOf } from '../source-base.ts';
import { provincialFormsConfig, type ProvincialFormsConfig } from './config.ts';
import { decodeForm } from './decode.ts';
import { formFiles, readForms } from './read.ts';
import { formFigure } from './streams.ts';

/** Monthly report forms of a province's departments, as Excel files, by declared layouts. */
export const provincialForms: Connector<ProvincialFormsConfig> = {
  name: 'provincial-forms',
  version: '2.0.0',
  label: { vi: 'Biểu báo cáo Excel của sở, ngành', en: 'Excel report forms of departments' },
  description: {
    vi: 'Biểu số liệu tháng dạng .xlsx theo bố cục khai báo; cột tìm theo tiêu đề; ước, sơ bộ, chính thức là các phiên bản.',
    en: 'Monthly forms as .xlsx by declared layout; columns found by header; estimates, preliminary and final are versions.',
  },
  config: provincialFormsConfig,
  secrets: {},
  capabilities: {
    cursor: 'file',
    deletes: 'none',
    completeness: 'digest',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [formFigure],
  allowed: ({ base }) => originsOf(base),
  check,
  read: readForms,
  decode: decodeForm,
  checks: figureChecks,
};

async function check(
  context: Omit<ReadContext<ProvincialFormsConfig>, 'openBatch'>,
): Promise<Localized> {
  const { length } = await formFiles(context);
  if (length > 0) return { vi: `Tìm thấy ${length} biểu.`, en: `Found ${length} forms.` };
  throw new PhusaError({
    group: 'data',
    code: 'nothing-found',
    message: {
      vi: `Không có biểu nào trong ${context.config.base}`,
      en: `There is no form in ${context.config.base}`,
    },
    remedy: { vi: 'Kiểm tra base và file.', en: 'Check base and file.' },
    place: { field: 'base', value: context.config.base },
  });
}
