import { unzipSync, zipSync } from 'fflate';

/** One time for all entries; zip keeps local time, so it is given in local parts. */
function entryTime(): Date {
  return new Date(2000, 0, 1, 12);
}

/** Rewrites a zip with sorted entries and one fixed time: equal content gives equal bytes. */
export function fixedZip(archive: Uint8Array): Uint8Array {
  const entries = Object.entries(unzipSync(archive)).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(entries), { mtime: entryTime(), level: 6 });
}
