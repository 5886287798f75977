/** One origin a source may be asked at. */
export interface AllowedOrigin {
  readonly scheme: RemoteScheme | 'file' | 'inbox';
  /** Host name, literal address or CIDR; a directory for `file`, nothing for `inbox` (each source has one). */
  readonly host: string;
  readonly port?: number;
  readonly pathPrefix?: string;
  /** PEM of the certificate authorities that this origin's certificate has to come from, instead of the system's. */
  readonly ca?: string;
}

/** Protocols that connect to another machine. */
export type RemoteScheme = 'http' | 'https' | 'sftp' | 'postgres' | 'mysql' | 'mssql';
