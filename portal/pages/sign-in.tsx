import { Button, Card, Form, Input, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask } from '../api.ts';
import { useSpeech } from '../language.tsx';
import { Problem } from '../parts/answer-view.tsx';

interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Name and password. */
export function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { t } = useSpeech();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (given: Credentials): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await ask('/session', { method: 'POST', body: given });
      onSignedIn();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <Card>
        <Typography.Title level={2} className="brand-title">
          Phù Sa
        </Typography.Title>
        <Typography.Paragraph type="secondary">
          {t(
            'Tích hợp dữ liệu và báo cáo của thành phố',
            'The city’s data integration and reports',
          )}
        </Typography.Paragraph>
        {error !== undefined && <Problem error={error} />}
        <Form<Credentials> layout="vertical" onFinish={(given) => void submit(given)}>
          <Form.Item
            name="name"
            label={t('Tên đăng nhập', 'User name')}
            rules={[{ required: true, message: t('Nhập tên đăng nhập', 'Enter your user name') }]}
          >
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('Mật khẩu', 'Password')}
            rules={[{ required: true, message: t('Nhập mật khẩu', 'Enter your password') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t('Đăng nhập', 'Sign in')}
          </Button>
        </Form>
      </Card>
    </main>
  );
}
