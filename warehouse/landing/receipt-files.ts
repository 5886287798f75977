import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhusaError } from '../../core/errors.ts';
import { syncPath } from './durable.ts';
import { batchMissing, batchNameInvalid } from './landing-errors.ts';
import type { Receipt } from './port.ts';
import { parseReceipt, receiptText } from './receipt-text.ts';

/**
 * The records under `receipts/`. A batch that is being received lies in `receipts/.open/<batch>`; sealing renames it to
 * `receipts/<batch>`, so that a batch is there whole or not at all.
 */
export class ReceiptFiles {
  private readonly root: string;
  private readonly opened: string;

  constructor(root: string) {
    this.root = join(root, 'receipts');
    this.opened = join(this.root, '.open');
  }

  async prepare(): Promise<void> {
    await mkdir(this.opened, { recursive: true });
  }

  /** Begins a batch, over what a killed run left of it. Throws fatal `landed-batch-sealed` where it is complete. */
  async begin(batch: string): Promise<void> {
    if (await this.isSealed(batch)) throw alreadySealed(batch);
    await rm(this.openPath(batch), { recursive: true, force: true });
    await mkdir(this.openPath(batch));
  }

  async write(receipt: Receipt): Promise<void> {
    const path = join(this.openPath(receipt.batch), `${receipt.n}.json`);
    await writeFile(path, receiptText(receipt), { flag: 'wx', mode: 0o640 });
  }

  async isSealed(batch: string): Promise<boolean> {
    return exists(this.sealedPath(batch));
  }

  /** Receipts of a sealed batch, in order. Throws data `landed-batch-missing`. */
  sealed(batch: string): Promise<readonly Receipt[]> {
    return this.readAll(batch, this.sealedPath(batch));
  }

  /** Receipts of a batch not sealed yet, in order. */
  pending(batch: string): Promise<readonly Receipt[]> {
    return this.readAll(batch, this.openPath(batch));
  }

  async one(batch: string, n: number): Promise<Receipt> {
    return this.read(batch, join(this.sealedPath(batch), `${n}.json`));
  }

  /** Files and directory that must be durable before {@link publish}. */
  pathsToSync(batch: string, receipts: readonly Receipt[]): readonly string[] {
    const directory = this.openPath(batch);
    return [directory, ...receipts.map(({ n }) => join(directory, `${n}.json`))];
  }

  /** Makes the batch appear under its name. */
  async publish(batch: string): Promise<void> {
    await rename(this.openPath(batch), this.sealedPath(batch));
    await syncPath(this.root);
  }

  /** Batches that were never sealed and untouched since `before`. */
  async abandoned(before: Date): Promise<readonly string[]> {
    const batches = await readdir(this.opened);
    const ages = await Promise.all(batches.map((batch) => stat(join(this.opened, batch))));
    return batches.filter((_, at) => (ages[at]?.mtimeMs ?? Infinity) < before.getTime());
  }

  async discard(batch: string): Promise<void> {
    await rm(this.openPath(batch), { recursive: true, force: true });
  }

  private async readAll(batch: string, directory: string): Promise<readonly Receipt[]> {
    const names = await readdir(directory).catch((cause: unknown) => {
      throw batchMissing(batch, cause);
    });
    const receipts: Receipt[] = [];
    for (const name of names) receipts.push(await this.read(batch, join(directory, name)));
    return receipts.sort((a, b) => a.n - b.n);
  }

  private async read(batch: string, path: string): Promise<Receipt> {
    try {
      return parseReceipt(await readFile(path, 'utf8'));
    } catch (cause) {
      throw batchMissing(batch, cause);
    }
  }

  private openPath(batch: string): string {
    return join(this.opened, directoryName(batch));
  }

  private sealedPath(batch: string): string {
    return join(this.root, directoryName(batch));
  }
}

function directoryName(batch: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(batch)) return batch;
  throw batchNameInvalid(batch);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function alreadySealed(batch: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'landed-batch-sealed',
    message: {
      vi: `Lô ${batch} đã niêm phong, không nhận thêm dữ liệu.`,
      en: `Batch ${batch} is sealed and takes no more bytes.`,
    },
    remedy: { vi: 'Mở một lô mới.', en: 'Open a new batch.' },
    place: { batch },
  });
}
