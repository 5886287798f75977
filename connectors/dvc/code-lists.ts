/** A code list of the service: where it is, and the stream it becomes. */
export interface CodeList {
  readonly path: string;
  readonly key: string;
  readonly stream: 'dossier_status' | 'procedure' | 'agency';
}

/** The code lists, read whole on every run, each a batch of its own. */
export const codeLists: readonly CodeList[] = [
  { path: 'danhmuc/trangthai', key: 'danhmuc:trangthai', stream: 'dossier_status' },
  { path: 'danhmuc/tthc', key: 'danhmuc:tthc', stream: 'procedure' },
  { path: 'danhmuc/donvi', key: 'danhmuc:donvi', stream: 'agency' },
];
