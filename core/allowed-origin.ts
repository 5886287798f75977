/** One origin a source may be asked at. */
export interface AllowedOrigin {
  readonly scheme: 'http' | 'https' | 'file';
  /** Host name, literal address or CIDR; a directory for `file`. */
  readonly host: string;
  readonly port?: number;
  readonly pathPrefix?: string;
  /** PEM of the certificate authorities that this origin's certificate has to come from, instead of the system's. */
  readonly ca?: string;
}
