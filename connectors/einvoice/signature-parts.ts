import { X509Certificate } from 'node:crypto';
import type { SignatureReference } from './signature-digest.ts';
import type { DrawnRow } from './drawn-row.ts';

/** What was read of one seller's signature. */
export class SignatureParts {
  readonly references: SignatureReference[] = [];
  /** Whether there is a signature that says anything. */
  present = false;
  subject: string | undefined;
  signingTime: string | undefined;

  addReference(row: DrawnRow): void {
    const value = (slot: number): string => row.text(slot) ?? '';
    this.references.push({
      uri: value(0),
      transforms: value(1),
      prefixes: value(2),
      digestMethod: value(3),
      digestValue: value(4),
    });
  }

  close(row: DrawnRow): void {
    this.present = this.references.length > 0 || row.table.fields.some((_, slot) => row.has(slot));
    this.subject = row.text(0) ?? certificateSubject(row.text(1));
    this.signingTime = row.text(2);
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
