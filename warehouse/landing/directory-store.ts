import { dirname } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { LandedFile } from '../decode-session.ts';
import type { BatchWriter, LandedPiece, LandedReceipt } from './batch-writer.ts';
import { eachAbreast, syncPaths } from './durable.ts';
import { objectChanged } from './landing-errors.ts';
import { ObjectFiles } from './object-files.ts';
import type { BatchOrigin, LandingStore, Receipt } from './port.ts';
import { ReceiptFiles } from './receipt-files.ts';
import { safeRequest, safeResponse } from './safe-headers.ts';

const hour = 3_600_000;

/** How a landing store is opened: its directory, and where time comes from. */
export interface LandingOptions {
  readonly root: string;
  readonly clock: Clock;
}

/** Opens the landing store in a directory, made where there is none. One process at a time owns it. */
export async function openLandingStore(options: LandingOptions): Promise<LandingStore> {
  const objects = new ObjectFiles(options.root);
  const receipts = new ReceiptFiles(options.root);
  await objects.prepare();
  await receipts.prepare();
  return new DirectoryStore(options, objects, receipts);
}

class DirectoryStore implements LandingStore {
  private readonly options: LandingOptions;
  private readonly objects: ObjectFiles;
  private readonly receipts: ReceiptFiles;

  constructor(options: LandingOptions, objects: ObjectFiles, receipts: ReceiptFiles) {
    this.options = options;
    this.objects = objects;
    this.receipts = receipts;
  }

  async open(origin: BatchOrigin): Promise<BatchWriter> {
    await this.receipts.begin(origin.batch);
    let next = 0;
    return {
      id: origin.batch,
      key: origin.key,
      land: async (piece) => {
        const object = await this.objects.write(chunksOf(piece.bytes));
        const receivedAt = piece.receivedAt ?? this.options.clock.now().toISOString();
        const receipt = receiptOf(
          origin,
          piece,
          { ...object, n: next++, name: piece.name },
          receivedAt,
        );
        await this.receipts.write(receipt);
        return { n: receipt.n, sha256: receipt.sha256, bytes: receipt.bytes, name: receipt.name };
      },
    };
  }

  async seal(batch: string): Promise<readonly LandedFile[]> {
    if (await this.receipts.isSealed(batch)) return this.files(batch);
    const receipts = await this.receipts.pending(batch);
    const objects = new Set(receipts.map(({ sha256 }) => this.objects.path(sha256)));
    const directories = new Set([...objects].map(dirname));
    const above = new Set([...directories].map(dirname));
    await syncPaths(new Set([...objects, ...this.receipts.pathsToSync(batch, receipts)]));
    await syncPaths(new Set([...directories, ...above]));
    await this.receipts.publish(batch);
    return this.files(batch);
  }

  async files(batch: string): Promise<readonly LandedFile[]> {
    const receipts = await this.receipts.sealed(batch);
    const files = new Map<number, LandedFile>();
    await eachAbreast(receipts, async (receipt) => {
      files.set(receipt.n, landedFile(receipt, await this.objects.require(receipt)));
    });
    return [...files.values()].sort((a, b) => a.n - b.n);
  }

  async intact(batch: string): Promise<readonly LandedFile[]> {
    const files = await this.files(batch);
    await eachAbreast(files, async ({ sha256 }) => {
      if (!(await this.objects.verify(sha256))) throw objectChanged(sha256);
    });
    return files;
  }

  receipt: LandingStore['receipt'] = (batch, n) => this.receipts.one(batch, n);

  verify: LandingStore['verify'] = (sha256) => this.objects.verify(sha256);

  bytes: LandingStore['bytes'] = (sha256) => this.objects.read(sha256);

  async sweep(known: (batch: string) => Promise<boolean>): Promise<number> {
    const before = new Date(this.options.clock.now().getTime() - hour);
    let removed = 0;
    for (const batch of await this.receipts.abandoned(before)) {
      if (await known(batch)) continue;
      await this.receipts.discard(batch);
      removed += 1;
    }
    return removed;
  }
}

async function* chunksOf(bytes: LandedPiece['bytes']): AsyncGenerator<Uint8Array, void> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

function receiptOf(
  origin: BatchOrigin,
  piece: LandedPiece,
  landed: LandedReceipt,
  receivedAt: string,
): Receipt {
  return {
    ...origin,
    ...landed,
    receivedAt,
    ...(piece.mediaType === undefined ? {} : { mediaType: piece.mediaType }),
    ...(piece.request ? { request: safeRequest(piece.request) } : {}),
    ...(piece.response ? { response: safeResponse(piece.response) } : {}),
  };
}

function landedFile(receipt: Receipt, path: string): LandedFile {
  const { n, name, sha256, bytes, mediaType, request, receivedAt } = receipt;
  return { n, name, path, sha256, bytes, mediaType, request, receivedAt };
}
