import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { ChartView } from './chart-view.tsx';
import { Inlines } from './inlines.tsx';
import { MapView } from './map-view.tsx';
import type { Block, ReportDocument, Section } from './report-document.ts';
import { TableView } from './table-view.tsx';

/** A frozen report as a page to read, in the form of Nghị định 30/2020/NĐ-CP. */
export function DocumentView(props: {
  readonly document: ReportDocument;
  readonly reference: string;
}): ReactNode {
  const { document, reference } = props;
  return (
    <>
      {document.banners.map(({ kind, text }) => (
        <Alert key={kind} type="warning" showIcon title={text} className="above" />
      ))}
      <article className="paper">
        <Letterhead document={document} />
        <h1>
          {document.title}
          <small>{document.subject}</small>
        </h1>
        {document.addressees.length > 0 && (
          <p className="addressee">Kính gửi: {document.addressees.join('; ')}</p>
        )}
        {document.legalBasis.map((basis) => (
          <p key={basis} className="basis">
            {basis}
          </p>
        ))}
        {document.sections.map((section, i) => (
          <SectionView key={i} section={section} reference={reference} />
        ))}
        <SignatureView document={document} />
      </article>
    </>
  );
}

function Letterhead({ document }: { readonly document: ReportDocument }): ReactNode {
  const { parentAgency, agency, number, sign, place, date } = document.letterhead;
  const [year, month, day] = date?.split('-') ?? ['', '', ''];
  const blank = '\u00a0'.repeat(6);
  return (
    <header className="letterhead">
      <div>
        {parentAgency}
        <strong>{agency}</strong>
        <span>
          Số: {number ?? blank}/{sign}
        </span>
      </div>
      <div>
        <b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>
        <strong>Độc lập - Tự do - Hạnh phúc</strong>
        <i>
          {place}, ngày {day === '' ? blank : day} tháng {month === '' ? blank : month} năm{' '}
          {year === '' ? blank : year}
        </i>
      </div>
    </header>
  );
}

function SectionView(props: { readonly section: Section; readonly reference: string }): ReactNode {
  const { section, reference } = props;
  return (
    <section>
      {section.annex && (
        <h2 className="annex">
          {section.annex.label}
          <small>{section.annex.title}</small>
        </h2>
      )}
      {section.blocks.map((block, i) => (
        <BlockView key={i} block={block} reference={reference} />
      ))}
    </section>
  );
}

function BlockView(props: { readonly block: Block; readonly reference: string }): ReactNode {
  const { block, reference } = props;
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? <h2>{block.text}</h2> : <h3>{block.text}</h3>;
    case 'paragraph':
      return (
        <p>
          <Inlines inlines={block.inlines} reference={reference} />
        </p>
      );
    case 'notes':
      return block.items.map((inlines, i) => (
        <p key={i} className="note">
          <Inlines inlines={inlines} reference={reference} />
        </p>
      ));
    case 'table':
      return <TableView table={block} reference={reference} />;
    case 'chart':
      return <ChartView chart={block} reference={reference} />;
    case 'map':
      return <MapView map={block} reference={reference} />;
    default:
      return null;
  }
}

function SignatureView({ document }: { readonly document: ReportDocument }): ReactNode {
  const { signature, recipients } = document;
  return (
    <footer className="signature">
      <div>
        <b>
          <i>Nơi nhận:</i>
        </b>
        {recipients.map((recipient, i) => (
          <span key={recipient}>
            - {recipient}
            {i === recipients.length - 1 ? '.' : ';'}
          </span>
        ))}
      </div>
      <div>
        {signature.authority.map((line) => (
          <strong key={line}>{line}</strong>
        ))}
        <strong>{signature.title}</strong>
        <strong className="signer">{signature.name}</strong>
      </div>
    </footer>
  );
}
