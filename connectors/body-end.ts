/**
 * Whether the headers of an answer say where its body ends. One without a declared length or chunks ends where the
 * connection does, wherever that is (A12).
 */
export function saysItsEnd(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
