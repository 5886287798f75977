import type { FileTransport } from '../../net/file-transport.ts';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';

/**
 * A writer whose receipts also keep what the file transport knows of the bytes (ETag, version, sender), once they have
 * come.
 */
export function withFacts(writer: BatchWriter, files: FileTransport): BatchWriter {
  return {
    id: writer.id,
    key: writer.key,
    land: (piece) =>
      writer.land({
        ...piece,
        // read by the landing store after the bytes have come, when an object's version is known
        get request() {
          const facts = files.facts?.(piece.bytes);
          return facts === undefined ? (piece.request ?? {}) : { ...piece.request, origin: facts };
        },
      }),
  };
}
