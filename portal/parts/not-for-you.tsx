import { Result } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';

/** A page that the reader's roles do not open: said before anything is asked, with whom to turn to. */
export function NotForYou({ whose }: { readonly whose: string }): ReactNode {
  const { t } = useSpeech();
  return (
    <Result
      status="info"
      title={t('Trang này dành cho vai trò khác', 'This page is for other roles')}
      subTitle={whose}
    />
  );
}
