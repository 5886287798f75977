import { X509Certificate } from 'node:crypto';
import type { SignatureReference } from './signature-digest.ts';
import type { DrawnRow } from './table-extractor.ts';

/** What was read of one seller's signature. */
export class SignatureParts {
  readonly references: SignatureReference[] = [];
  /** Whether there is a signature that says anything. */
  present = false;
  subject: string | undefined;
  signingTime: string | undefined;

  addReference(row: DrawnRow): void {
    const [uri = '', transforms = '', prefixes = '', digestMethod = '', digestValue = ''] =
      row.values;
    this.references.push({ uri, transforms, prefixes, digestMethod, digestValue });
  }

  close(row: DrawnRow): void {
    const [subject, certificate, signingTime] = row.values;
    this.present = this.references.length > 0 || row.values.some((value) => value !== undefined);
    this.subject = subject ?? certificateSubject(certificate);
    this.signingTime = signingTime;
  }
}

/** Subjects by certificate text: one seller signs many invoices. */
const subjects = new Map<string, string | undefined>();
const rememberedSubjects = 2000;

function certificateSubject(certificate: string | undefined): string | undefined {
  if (certificate === undefined) return undefined;
  const known = subjects.get(certificate);
  if (known !== undefined || subjects.has(certificate)) return known;
  if (subjects.size >= rememberedSubjects) subjects.clear();
  const subject = readSubject(certificate.split(' ')[0] ?? '');
  subjects.set(certificate, subject);
  return subject;
}

function readSubject(base64: string): string | undefined {
  try {
    const { subject } = new X509Certificate(Buffer.from(base64, 'base64'));
    return subject.split('\n').join(', ');
  } catch {
    return undefined;
  }
}
