import type { ReportDocument } from './document.ts';

/** What turns a document into files. */
export interface Renderers {
  readonly renderPdf: (document: ReportDocument) => Promise<Uint8Array>;
  readonly renderWorkbook: (document: ReportDocument) => Promise<Uint8Array>;
}

/** Loads the renderers when a document is written: they are half of all the code there is to load. */
export async function loadRenderers(): Promise<Renderers> {
  const [{ renderPdf }, { renderWorkbook }] = await Promise.all([
    import('./pdf/render-pdf.ts'),
    import('./workbook/render-workbook.ts'),
  ]);
  return { renderPdf, renderWorkbook };
}
