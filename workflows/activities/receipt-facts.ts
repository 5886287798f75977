import type { JsonObject } from '../../core/json.ts';
import type { FileTransport } from '../../net/file-transport.ts';
import type { BatchWriter, LandedPiece } from '../../warehouse/landing/batch-writer.ts';

/**
 * A writer whose receipts also keep what the file transport knows of the bytes (ETag, version, sender), once they have
 * come.
 */
export function withFacts(writer: BatchWriter, files: FileTransport): BatchWriter {
  return {
    id: writer.id,
    key: writer.key,
    land: (piece) =>
      writer.land(piece.request === undefined ? piece : told(piece, piece.request, files)),
  };
}

function told(piece: LandedPiece, request: JsonObject, files: FileTransport): LandedPiece {
  return {
    ...piece,
    // read by the landing store after the bytes have come, when an object's version is known
    get request(): JsonObject {
      const origin = files.facts?.(piece.bytes);
      return origin === undefined ? request : { ...request, origin };
    },
  };
}
