import { json, notFound, type Handler } from './reply.ts';

/** A file that a web folder offers. */
export type FolderFile = { readonly name: string; readonly bytes: Uint8Array };

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Serves workbooks under a path that ends with `/`: their names and sizes as JSON, and each by its name. */
export function folderRoutes(path: string, files: () => readonly FolderFile[]): Handler {
  return (request) => {
    if (!request.path.startsWith(path)) return undefined;
    const wanted = decodeURIComponent(request.path.slice(path.length));
    if (wanted === '')
      return json(files().map(({ name, bytes }) => ({ name, size: bytes.length })));
    const found = files().find(({ name }) => name === wanted);
    if (found === undefined) return notFound(request.path);
    return { status: 200, headers: { 'content-type': XLSX }, body: found.bytes };
  };
}
