import { Card, Form, Select } from 'antd';
import type { ReactNode } from 'react';
import { isFacts } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';
import { ManifestField } from './manifest-field.tsx';
import type { ManifestPath } from './manifest-text.ts';

/** What each way to sign in begins with, and the secrets it needs. */
const kinds = {
  none: { name: ['Không cần', 'None'], begin: {}, secrets: {} },
  basic: {
    name: ['Tên và mật khẩu (Basic)', 'User and password (Basic)'],
    begin: { user: '', password: '{{ secret.password }}' },
    secrets: { password: ['Mật khẩu', 'Password'] },
  },
  bearer: {
    name: ['Mã truy cập (Bearer)', 'Token (Bearer)'],
    begin: { token: '{{ secret.token }}' },
    secrets: { token: ['Mã truy cập', 'Token'] },
  },
  apiKey: {
    name: ['Khóa API', 'API key'],
    begin: { key: '{{ secret.key }}', place: { in: 'header', name: 'X-API-Key' } },
    secrets: { key: ['Khóa API', 'API key'] },
  },
  session: {
    name: ['Đăng nhập lấy phiên', 'Session token'],
    begin: {
      login: {
        method: 'POST',
        path: 'login',
        body: { kind: 'json', value: { username: '', password: '{{ secret.password }}' } },
      },
      tokenPath: 'token',
    },
    secrets: { password: ['Mật khẩu', 'Password'] },
  },
  oauth2: {
    name: ['OAuth 2', 'OAuth 2'],
    begin: { tokenUrl: '', clientId: '', clientSecret: '{{ secret.client_secret }}' },
    secrets: { client_secret: ['Bí mật của ứng dụng', 'Client secret'] },
  },
  jwt: {
    name: ['JWT tự ký', 'Signed JWT'],
    begin: { algorithm: 'RS256', key: '{{ secret.key }}', issuer: '' },
    secrets: { key: ['Khóa ký (PEM)', 'Signing key (PEM)'] },
  },
} as const;

type Kind = keyof typeof kinds;

/** Fields of each way: place below `authentication`, Vietnamese, English. */
const fields: Readonly<Record<Kind, readonly (readonly [ManifestPath, string, string])[]>> = {
  none: [],
  basic: [
    [['user'], 'Tên truy cập', 'User'],
    [['password'], 'Mật khẩu lấy từ', 'Password from'],
  ],
  bearer: [[['token'], 'Mã lấy từ', 'Token from']],
  apiKey: [
    [['key'], 'Khóa lấy từ', 'Key from'],
    [['place', 'name'], 'Tên tiêu đề hoặc tham số', 'Name of the header or parameter'],
  ],
  session: [
    [['login', 'path'], 'Đường dẫn đăng nhập', 'Path of the sign-in'],
    [['tokenPath'], 'Mã phiên nằm ở', 'Token is found at'],
  ],
  oauth2: [
    [['tokenUrl'], 'Địa chỉ cấp mã', 'Token address'],
    [['clientId'], 'Mã ứng dụng', 'Client id'],
    [['clientSecret'], 'Bí mật lấy từ', 'Client secret from'],
    [['scope'], 'Phạm vi (scope)', 'Scope'],
  ],
  jwt: [
    [['algorithm'], 'Thuật toán', 'Algorithm'],
    [['key'], 'Khóa lấy từ', 'Key from'],
    [['issuer'], 'Bên phát hành (iss)', 'Issuer'],
    [['audience'], 'Bên nhận (aud)', 'Audience'],
    [['tokenUrl'], 'Địa chỉ đổi mã', 'Token address'],
  ],
};

/** How requests sign in. Secrets stand in the manifest by their names only. */
export function AuthenticationSection(): ReactNode {
  const { t } = useSpeech();
  const { manifest, setAll } = useManifest();
  const given = manifest.at(['authentication', 'kind']);
  const kind: Kind = isKind(given) ? given : 'none';
  const choose = (next: Kind): void => {
    const { begin, secrets } = kinds[next];
    const names = Object.entries<readonly [string, string]>(secrets).map(
      ([name, [vi, en]]) => [name, { vi, en }] as const,
    );
    const known = manifest.at(['secrets']);
    const all = { ...(isFacts(known) ? known : {}), ...Object.fromEntries(names) };
    setAll([
      [['authentication'], next === 'none' ? undefined : { kind: next, ...begin }],
      [['secrets'], Object.keys(all).length === 0 ? undefined : all],
    ]);
  };
  return (
    <Card size="small" className="below" title={t('Xác thực', 'Authentication')}>
      <div className="field-grid">
        <Form.Item className="manifest-field" label={t('Cách xác thực', 'Kind')} htmlFor="m-auth">
          <Select
            id="m-auth"
            aria-label={t('Cách xác thực', 'Kind')}
            value={kind}
            options={Object.entries(kinds).map(([value, { name }]) => ({
              value,
              label: t(name[0], name[1]),
            }))}
            onChange={(next) => isKind(next) && choose(next)}
          />
        </Form.Item>
        {fields[kind].map(([path, vi, en]) => (
          <ManifestField
            key={path.join('.')}
            path={['authentication', ...path]}
            label={t(vi, en)}
          />
        ))}
        {kind === 'session' && (
          <ManifestField
            path={['authentication', 'login', 'body', 'value']}
            kind="json"
            label={t('Nội dung đăng nhập (JSON)', 'Body of the sign-in (JSON)')}
          />
        )}
        {kind === 'apiKey' && (
          <ManifestField
            path={['authentication', 'place', 'in']}
            kind="choice"
            label={t('Gửi trong', 'Sent in')}
            choices={[
              { value: 'header', label: t('tiêu đề', 'header') },
              { value: 'query', label: t('tham số địa chỉ', 'query') },
            ]}
          />
        )}
      </div>
    </Card>
  );
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}
