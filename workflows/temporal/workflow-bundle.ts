import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PhusaError } from '../../core/errors.ts';

/** The workflows as the build bundled them, beside this module's compiled form. */
export function workflowBundlePath(): string {
  const file = fileURLToPath(new URL('./workflow-bundle-code.js', import.meta.url));
  if (existsSync(file)) return file;
  throw new PhusaError({
    group: 'fatal',
    code: 'workflow-bundle-missing',
    message: {
      vi: `Thiếu tệp quy trình đã đóng gói: ${file}.`,
      en: `The bundled workflows are missing: ${file}.`,
    },
    remedy: { vi: 'Chạy: npm run build', en: 'Run: npm run build' },
  });
}
