import { createHash } from 'node:crypto';

/** What a test invoice says; invented. */
export interface InvoiceText {
  readonly number?: string;
  readonly seller?: string;
  readonly buyer?: string;
  readonly date?: string;
  readonly general?: string;
  readonly lines?: string;
  readonly totals?: string;
  /** Text put in place of the signature; undefined = a true one. */
  readonly signatures?: string;
  readonly id?: string;
}

const dsig = 'http://www.w3.org/2000/09/xmldsig#';

/** One line: 2 × 50,000 = 100,000 at 8 %. */
export const lineXml =
  '<HHDVu><TChat>1</TChat><STT>1</STT><THHDVu>Xi măng</THHDVu><DVTinh>bao</DVTinh><SLuong>2</SLuong><DGia>50000</DGia><ThTien>100000</ThTien><TSuat>8%</TSuat></HHDVu>';

/** Totals of {@link lineXml}. */
export const totalsXml =
  '<THTTLTSuat><LTSuat><TSuat>8%</TSuat><ThTien>100000</ThTien><TThue>8000</TThue></LTSuat></THTTLTSuat><TgTCThue>100000</TgTCThue><TgTThue>8000</TgTThue><TgTTTBSo>108000</TgTTTBSo>';

/** An invoice; already in canonical form inside `DLHDon`, so that its digest is that of the text. */
export function invoiceXml(given: InvoiceText = {}): string {
  const body = bodyXml(given);
  return `<HDon>${body}<DSCKS>${given.signatures ?? signatureXml(body, given.id ?? 'b1')}</DSCKS></HDon>`;
}

/** The signed part of an invoice. */
export function bodyXml(given: InvoiceText = {}): string {
  const { number = '7', seller = '0100109106', buyer = '0102671977', date = '2026-10-31' } = given;
  return (
    `<DLHDon Id="${given.id ?? 'b1'}"><TTChung><PBan>2.1.0</PBan><KHMSHDon>1</KHMSHDon><KHHDon>C26TAA</KHHDon>` +
    `<SHDon>${number}</SHDon><NLap>${date}</NLap><DVTTe>VND</DVTTe>${given.general ?? ''}</TTChung>` +
    `<NDHDon><NBan><Ten>Công ty (mô phỏng)</Ten><MST>${seller}</MST></NBan><NMua><MST>${buyer}</MST></NMua>` +
    `<DSHHDVu>${given.lines ?? lineXml}</DSHHDVu><TToan>${given.totals ?? totalsXml}</TToan></NDHDon></DLHDon>`
  );
}

/** A signature over a body that is in canonical form. */
export function signatureXml(body: string, id: string): string {
  const digest = createHash('sha256').update(body).digest('base64');
  return (
    `<NBan><Signature xmlns="${dsig}"><SignedInfo><Reference URI="#${id}"><Transforms>` +
    `<Transform Algorithm="${dsig}enveloped-signature"></Transform></Transforms>` +
    `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>` +
    `<DigestValue>${digest}</DigestValue></Reference></SignedInfo><KeyInfo><X509Data>` +
    `<X509SubjectName>CN=Công ty (mô phỏng)</X509SubjectName></X509Data></KeyInfo>` +
    `<Object><SignatureProperties><SignatureProperty><SigningTime>2026-10-31T23:15:00</SigningTime>` +
    `</SignatureProperty></SignatureProperties></Object></Signature></NBan>`
  );
}
