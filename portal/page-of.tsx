import { type ReactNode } from 'react';
import { useSpeech } from './language.tsx';
import { EditionPage } from './pages/edition.tsx';
import { EditionsPage } from './pages/editions.tsx';
import { ExtractPage } from './pages/extract.tsx';
import { ExtractRequestPage } from './pages/extract-request.tsx';
import { ExtractsPage } from './pages/extracts.tsx';
import { JournalPage } from './pages/journal.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { BatchPage } from './pages/batch.tsx';
import { SourceEditPage } from './pages/source-edit.tsx';
import { SuppliersPage } from './pages/suppliers.tsx';
import { SourceNewPage } from './pages/source-new.tsx';
import { SourcePage } from './pages/source.tsx';
import { SourcesPage } from './pages/sources.tsx';
import { TracePage } from './pages/trace.tsx';
import { Nothing } from './parts/answer-view.tsx';
import { usePlace } from './router.tsx';

/** The page of the current address. */
export function PageOf(): ReactNode {
  const { t } = useSpeech();
  const { path, query } = usePlace();
  const [, room = '', rest, part] = path.split('/');
  const name = rest === undefined || rest === '' ? undefined : decodeURIComponent(rest);
  switch (room) {
    case '':
      return <OverviewPage />;
    case 'sources':
      if (name === undefined) return <SourcesPage />;
      if (name === '+new') return <SourceNewPage />;
      return part === 'edit' ? <SourceEditPage name={name} /> : <SourcePage name={name} />;
    case 'suppliers':
      return <SuppliersPage period={name} />;
    case 'batches':
      return <BatchPage id={name ?? ''} />;
    case 'editions':
      return name === undefined ? <EditionsPage /> : <EditionPage reference={name} />;
    case 'v':
      return <EditionPage reference={name ?? ''} />;
    case 'trace':
      return <TracePage reference={query.get('ref') ?? ''} />;
    case 'extracts':
      if (name === undefined) return <ExtractsPage />;
      return name === 'new' ? <ExtractRequestPage /> : <ExtractPage id={name} />;
    case 'journal':
      return <JournalPage />;
    default:
      return <Nothing hint={t('Không có trang này.', 'There is no such page.')} />;
  }
}
