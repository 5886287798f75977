/** One origin a source may be asked at. */
export interface AllowedOrigin {
  readonly scheme: 'http' | 'https' | 'file';
  /** Host name, literal address or CIDR; a directory for `file`. */
  readonly host: string;
  readonly port?: number;
  readonly pathPrefix?: string;
}
