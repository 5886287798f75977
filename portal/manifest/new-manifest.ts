/** Formats by the ending of an address; JSON where it has none. */
const formats: Readonly<Record<string, string>> = {
  csv: 'csv',
  tsv: 'tsv',
  xml: 'xml',
  rss: 'feed',
  atom: 'feed',
  xlsx: 'xlsx',
  ndjson: 'ndjson',
  geojson: 'geojson',
  parquet: 'parquet',
};

/**
 * A manifest to begin with, from the address of a service, a directory or an inbox: one stream whose only column is the
 * name of the page it came in. A test read then proposes the columns.
 */
export function newManifest(name: string, address: string): object {
  const place = placeOf(address.trim());
  return {
    manifest: 1,
    name: name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '') || 'nguon',
    label: { vi: name, en: name },
    base: place.base,
    streams: [
      {
        stream: 'du_lieu',
        label: { vi: 'Dữ liệu', en: 'Data' },
        ...place.asked,
        decoding: { format: place.format },
        columns: [placeholder],
        key: [placeholder.name],
      },
    ],
  };
}

/** Stands in until the real columns are known. */
export const placeholder = {
  name: 'trang',
  receipt: 'name',
  type: 'varchar',
  label: { vi: 'Trang hoặc tệp', en: 'Page or file' },
  classification: 'internal',
} as const;

function placeOf(address: string) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return { base: address, asked: { files: '.*' }, format: formatOf(address) };
  const cut = url.pathname.lastIndexOf('/') + 1;
  const query = Object.fromEntries(url.searchParams);
  const request = {
    path: url.pathname.slice(cut),
    ...(Object.keys(query).length === 0 ? {} : { query }),
  };
  const base = url.origin + url.pathname.slice(0, cut);
  return { base, asked: { request }, format: formatOf(url.pathname) };
}

function formatOf(path: string): string {
  return formats[/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'json';
}
