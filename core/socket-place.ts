/** Name of the socket inside a home. */
export const socketName = 'phusa.sock';

/** File in a home that names the socket's path when the home's own path is too long for one. */
export const socketPointerName = 'socket-path';

/** Longest socket path in bytes that every system keeps whole; longer ones are silently cut. */
const longestSocketPath = 100;

/** Whether a socket may lie at this path. */
export function fitsSocket(path: string): boolean {
  return new TextEncoder().encode(path).byteLength <= longestSocketPath;
}
