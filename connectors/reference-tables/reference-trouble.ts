import { PhusaError } from '../../core/errors.ts';

/** A declared file is not where it should be. */
export function fileMissing(file: string, base: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'file-not-found',
    message: {
      vi: `Không có tệp ${file} trong ${base}`,
      en: `There is no file ${file} in ${base}`,
    },
    remedy: {
      vi: 'Đặt tệp vào thư mục, hoặc sửa danh sách bảng của nguồn.',
      en: 'Put the file there, or correct the list of tables of the source.',
    },
    place: { file },
  });
}
