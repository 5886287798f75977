import { Alert, App, Button, ConfigProvider, Layout, Menu, Segmented, Skeleton } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import viVN from 'antd/es/locale/vi_VN.js';
import type { ReactNode } from 'react';
import { ask, isSignedOut } from './api.ts';
import { at } from './facts.ts';
import { SpeechProvider, useSpeech } from './language.tsx';
import { PageOf } from './page-of.tsx';
import { Nothing, Problem } from './parts/answer-view.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { ReaderProvider, useReader } from './reader.tsx';
import { goTo, Link, usePlace } from './router.tsx';
import { useAnswer } from './use-answer.ts';

const theme = {
  token: {
    colorPrimary: '#0f5c4c',
    colorLink: '#0f5c4c',
    borderRadius: 6,
    fontFamily: "'Segoe UI', 'Noto Sans', Roboto, 'DejaVu Sans', Arial, sans-serif",
    fontSize: 14,
  },
};

/** The portal. */
export function Application(): ReactNode {
  return (
    <SpeechProvider>
      <Themed />
    </SpeechProvider>
  );
}

function Themed(): ReactNode {
  const { language } = useSpeech();
  return (
    <ConfigProvider locale={language === 'vi' ? viVN : enUS} theme={theme}>
      <App>
        <Gate />
      </App>
    </ConfigProvider>
  );
}

/** Nobody gets past sign-in; afterwards the reader is where they wanted to be. */
function Gate(): ReactNode {
  const { state, reload } = useAnswer('/session');
  switch (state.kind) {
    case 'loading':
      return <Skeleton active className="centred" />;
    case 'failed':
      return isSignedOut(state.error) ? (
        <SignInPage onSignedIn={reload} />
      ) : (
        <div className="centred">
          <Problem error={state.error} retry={reload} />
        </div>
      );
    case 'answered':
      return (
        <ReaderProvider person={state.answer}>
          <Frame onSignedOut={reload} />
        </ReaderProvider>
      );
    default:
      return <Nothing hint="" />;
  }
}

function Frame(props: { readonly onSignedOut: () => void }): ReactNode {
  const { name, may } = useReader();
  const { t, language, setLanguage } = useSpeech();
  const { path } = usePlace();
  const signOut = async (): Promise<void> => {
    await ask('/session', { method: 'DELETE' });
    props.onSignedOut();
  };
  const pages = [
    ['/', t('Tổng quan', 'Overview')],
    ['/sources', t('Nguồn dữ liệu', 'Sources')],
    ['/suppliers', t('Xếp hạng', 'Suppliers')],
    ['/editions', t('Báo cáo', 'Editions')],
    ['/trace', t('Truy vết', 'Trace')],
    ...(may('extracts.list') || may('extracts.register')
      ? [['/extracts', t('Trích xuất', 'Extracts')] as const]
      : []),
    ...(may('journal.list') ? [['/journal', t('Nhật ký', 'Journal')] as const] : []),
  ] as const;
  const here = `/${path.split('/')[1] ?? ''}`;
  return (
    <Layout className="frame">
      <Layout.Header className="top">
        <Link href="/" className="brand">
          Phù Sa
        </Link>
        <Menu
          mode="horizontal"
          disabledOverflow
          selectedKeys={[here === '/v' ? '/editions' : here]}
          items={pages.map(([key, label]) => ({ key, label: <Link href={key}>{label}</Link> }))}
        />
        <Segmented
          size="small"
          value={language}
          onChange={(value) => setLanguage(value === 'en' ? 'en' : 'vi')}
          options={[
            { value: 'vi', label: 'Tiếng Việt' },
            { value: 'en', label: 'English' },
          ]}
        />
        <span className="who">{name}</span>
        <Button size="small" onClick={() => void signOut().then(() => goTo('/'))}>
          {t('Đăng xuất', 'Sign out')}
        </Button>
      </Layout.Header>
      <Banners />
      <Layout.Content className="content">
        <PageOf />
      </Layout.Content>
    </Layout>
  );
}

/** What a reader must know before believing a number, on every page. */
function Banners(): ReactNode {
  const { t } = useSpeech();
  const { state } = useAnswer('/home');
  if (state.kind !== 'answered') return null;
  return (
    <>
      {at(state.answer, 'simulated') === true && (
        <Alert
          banner
          type="warning"
          title={t(
            'DỮ LIỆU MÔ PHỎNG: mọi số liệu ở đây do thành phố mô phỏng sinh ra, không phải số liệu thật.',
            'SIMULATED DATA: every figure here comes from the simulated city; none is real.',
          )}
        />
      )}
      {at(state.answer, 'solo') === true && (
        <Alert
          banner
          type="info"
          title={t(
            'Kho một người dùng: các bước cần người thứ hai phê duyệt đang tắt.',
            'Solo home: rules that need a second person are off.',
          )}
        />
      )}
    </>
  );
}
