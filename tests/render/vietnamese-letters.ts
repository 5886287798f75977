/** The 134 precomposed letters of Vietnamese beyond ASCII, both cases. */
const LOWER = 'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ';

export const VIETNAMESE_LETTERS: readonly string[] = Array.from(
  LOWER + LOWER.toLocaleUpperCase('vi'),
);
