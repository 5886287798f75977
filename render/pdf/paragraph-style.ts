import { millimetres } from './page-setup.ts';

/** NĐ 30/2020: justified, first line indented by 1 cm, at least 6 pt between paragraphs. */
export const PARAGRAPH_STYLE = {
  alignment: 'justify',
  leadingIndent: millimetres(10),
  margin: [0, 0, 0, 6],
} as const;
