import { Button, Form, Input, Space } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';
import { goTo } from '../router.tsx';

/** The 8 characters printed beside an edition number lead to that edition. */
export function ShortCodeForm(): ReactNode {
  const { t } = useSpeech();
  return (
    <Form<{ code: string }>
      onFinish={({ code }) => goTo(`/v/${encodeURIComponent(code.trim().toUpperCase())}`)}
    >
      <Space.Compact block>
        <Form.Item
          name="code"
          noStyle
          rules={[
            {
              required: true,
              pattern: /^\s*[0-9A-Za-z]{8}\s*$/,
              message: t('Mã gồm 8 chữ và số', 'The code has 8 letters and digits'),
            },
          ]}
        >
          <Input placeholder={t('Ví dụ: 7K3M9QXA', 'For example: 7K3M9QXA')} maxLength={10} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t('Tra cứu', 'Look up')}
        </Button>
      </Space.Compact>
    </Form>
  );
}
