import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ControlStore, JournalEntry } from '../control/port.ts';
import type { JsonObject } from '../core/json.ts';
import type { Download } from './port.ts';

/** What packing evidence works with. */
export interface EvidenceDependencies {
  readonly store: ControlStore;
  readonly evidenceDirectory: string;
  readonly publicKeyPem: string;
  sign(bytes: Uint8Array): string;
  landedPath(sha256: string): string;
}

const traced = z.object({
  batches: z
    .array(z.object({ id: z.string(), receipts: z.array(z.object({ sha256: z.string() })) }))
    .default([]),
  edition: z.object({ reference: z.string() }).optional(),
});

const readme = `Gói bằng chứng / Evidence pack

trace.json      con số, công thức, SQL, các dòng, lô và biên nhận / figure, formula, SQL, rows, batches, receipts
journal.ndjson  các mục nhật ký về lô và phiên bản; hash = SHA-256 của JSON chuẩn tắc các trường còn lại
                journal entries about batches and edition; hash = SHA-256 over canonical JSON of all other fields
<sha256>.bytes  nguyên văn dữ liệu đã nhận, nếu người yêu cầu được xem / landed bytes, where the asker may see them
evidence.json   SHA-256 của từng tệp / SHA-256 of each file
evidence.json.sig  chữ ký Ed25519 (base64) của evidence.json; khóa công khai: phusa-key.pem
                Ed25519 signature (base64) of evidence.json; public key: phusa-key.pem

Kiểm tra / Check:
  sha256sum <tệp/file>
  base64 -d evidence.json.sig > sig.bin
  openssl pkeyutl -verify -pubin -inkey phusa-key.pem -rawin -in evidence.json -sigfile sig.bin
`;

/**
 * Writes what somebody without this home needs to check a figure: the trace, the journal's entries, the public key, the
 * landed bytes where the asker may see them (their hashes always), all under one signed list of hashes.
 */
export async function writeEvidence(
  deps: EvidenceDependencies,
  ref: string,
  trace: JsonObject,
  withBytes: boolean,
): Promise<readonly Download[]> {
  const { batches, edition } = traced.parse(trace);
  const directory = path.join(deps.evidenceDirectory, encodeURIComponent(ref));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const subjects = [...batches.map(({ id }) => id), ...(edition ? [edition.reference] : [])];
  const texts: readonly (readonly [string, string])[] = [
    ['trace.json', `${JSON.stringify(trace, null, 1)}\n`],
    ['journal.ndjson', await journalLines(deps.store, subjects)],
    ['phusa-key.pem', deps.publicKeyPem],
    ['README.txt', readme],
  ];
  const hashes = new Map(texts.map(([name, text]) => [name, sha256Of(text)]));
  const landed = new Set(batches.flatMap(({ receipts }) => receipts.map(({ sha256 }) => sha256)));
  for (const sha256 of landed) hashes.set(`${sha256}.bytes`, sha256);
  const list = `${JSON.stringify({ ref, withBytes, files: Object.fromEntries(hashes) }, null, 1)}\n`;
  const signed = [
    ...texts,
    ['evidence.json', list],
    ['evidence.json.sig', `${deps.sign(Buffer.from(list))}\n`],
  ] as const;
  for (const [name, text] of signed) await writeFile(path.join(directory, name), text);
  return [
    ...signed.map(([name]) => download(name, path.join(directory, name))),
    ...(withBytes ? [...landed] : []).map((sha256) =>
      download(`${sha256}.bytes`, deps.landedPath(sha256)),
    ),
  ];
}

async function journalLines(store: ControlStore, subjects: readonly string[]): Promise<string> {
  const entries: JournalEntry[] = [];
  for (const subject of subjects) {
    for await (const entry of store.journal({ subject })) entries.push(entry);
  }
  const lines = entries.toSorted((a, b) => a.seq - b.seq).map((entry) => JSON.stringify(entry));
  return lines.map((line) => `${line}\n`).join('');
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function download(name: string, file: string): Download {
  return { name, mediaType: 'application/octet-stream', path: file };
}
