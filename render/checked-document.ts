import { PhusaError } from '../core/errors.ts';
import { documentSchema, type ReportDocument } from './document.ts';

/**
 * Checks a document tree from code or from a manifest and returns it.
 * @throws PhusaError `render.document-invalid` (data) naming every bad field at once.
 */
export function checkedDocument(tree: unknown): ReportDocument {
  const result = documentSchema.safeParse(tree);
  if (result.success) return result.data;
  const problems = result.error.issues
    .map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
    .join('; ');
  throw new PhusaError({
    group: 'data',
    code: 'render.document-invalid',
    message: {
      vi: `Cây tài liệu báo cáo không hợp lệ: ${problems}`,
      en: `The report's document tree is not valid: ${problems}`,
    },
    remedy: {
      vi: 'Sửa phần dựng báo cáo, hoặc khôi phục bản kê (manifest) gốc.',
      en: "Mend the report's layout, or restore the original manifest.",
    },
  });
}
