import { hash } from 'node:crypto';
import { isoMoment, momentOf } from '../days.ts';
import { escaped } from './xml.ts';
import type { Invoice } from './invoice.ts';

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

function digest(text: string): string {
  return hash('sha256', text, 'base64');
}

/** Bytes in place of a signature value: nobody holds the key of an invented firm. */
function invented(key: string): string {
  return hash('sha512', key, 'base64');
}

function reference(id: string, value: string, isEnveloped: boolean): string {
  const transform = `<Transforms><Transform Algorithm="${XMLDSIG}enveloped-signature"></Transform></Transforms>`;
  return (
    `<Reference URI="#${id}">${isEnveloped ? transform : ''}` +
    `<DigestMethod Algorithm="${SHA256}"></DigestMethod>` +
    `<DigestValue>${value}</DigestValue></Reference>`
  );
}

/**
 * `NBan/Signature` of an invoice, empty for those that need none. Digests are true digests of the
 * canonical elements (that of the data is of another text where the invoice was tampered with);
 * the signature value and the certificate are invented bytes.
 */
export function sellerSignature(invoice: Invoice, dataId: string, canonical: string): string {
  if (invoice.signature === 'none') return '';
  const timeId = `${dataId}-time`;
  const signedAt = isoMoment(momentOf(invoice.entry.day) + invoice.signedAt);
  const properties =
    `Id="${timeId}"><SignatureProperties><SignatureProperty Target="#${dataId}-seller">` +
    `<SigningTime>${signedAt}</SigningTime></SignatureProperty></SignatureProperties></Object>`;
  const before = invoice.signature === 'tampered' ? `${canonical}\n` : canonical;
  return (
    `<NBan><Signature xmlns="${XMLDSIG}" Id="${dataId}-seller"><SignedInfo>` +
    `<CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${RSA_SHA256}"></SignatureMethod>` +
    reference(dataId, digest(before), true) +
    reference(timeId, digest(`<Object xmlns="${XMLDSIG}" ${properties}`), false) +
    `</SignedInfo><SignatureValue>${invented(dataId)}</SignatureValue><KeyInfo><X509Data>` +
    `<X509SubjectName>CN=${escaped(invoice.seller.name)},UID=MST:${invoice.seller.taxCode}</X509SubjectName>` +
    `<X509Certificate>${digest(invoice.seller.taxCode)}</X509Certificate></X509Data></KeyInfo>` +
    `<Object ${properties}</Signature></NBan>`
  );
}
