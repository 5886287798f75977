import { Card, Input, Form } from 'antd';
import type { ReactNode } from 'react';
import { at, isFacts } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';
import { ManifestField } from './manifest-field.tsx';

/** What the source is, where it is asked, and the settings that a ready manifest leaves to its owner. */
export function GeneralSection(): ReactNode {
  const { t, say } = useSpeech();
  const { manifest } = useManifest();
  const settings = manifest.at(['settings']);
  const names = isFacts(settings) ? Object.entries(settings) : [];
  return (
    <Card size="small" title={t('Nguồn', 'Source')}>
      <div className="field-grid">
        <ManifestField path={['label', 'vi']} label={t('Tên gọi', 'Name in Vietnamese')} />
        <ManifestField path={['label', 'en']} label={t('Tên tiếng Anh', 'Name in English')} />
        <ManifestField
          path={['base']}
          label={t('Địa chỉ gốc', 'Base address')}
          hint={t(
            'Địa chỉ dịch vụ, thư mục, hoặc inbox: nếu đơn vị gửi tệp tới',
            'A service, a directory, or inbox: where files are sent in',
          )}
        />
        {names.map(([name, setting]) => (
          <ManifestField
            key={name}
            path={['values', name]}
            label={say(at(setting, 'label'))}
            kind={typeof at(setting, 'default') === 'number' ? 'number' : 'text'}
            usual={say(at(setting, 'default'))}
          />
        ))}
        <ManifestField
          path={['networks']}
          kind="texts"
          label={t('Mạng nội bộ được phép (CIDR)', 'Inner networks that are allowed (CIDR)')}
          hint={t('Ví dụ 10.1.0.0/16', 'For example 10.1.0.0/16')}
        />
        <ManifestField
          path={['rate', 'requests']}
          kind="number"
          label={t('Số yêu cầu nhiều nhất', 'Most requests')}
        />
        <ManifestField
          path={['rate', 'seconds']}
          kind="number"
          label={t('trong số giây', 'in so many seconds')}
        />
      </div>
    </Card>
  );
}

/** Secrets that the manifest names. They are sealed when the source is saved and never shown again. */
export function SecretsSection(props: {
  readonly secrets: Readonly<Record<string, string>>;
  readonly change: (name: string, value: string) => void;
  /** Whether the source has its secrets already: an empty field leaves them as they are. */
  readonly kept?: boolean;
}): ReactNode {
  const { t, say } = useSpeech();
  const { manifest } = useManifest();
  const declared = manifest.at(['secrets']);
  const names = isFacts(declared) ? Object.entries(declared) : [];
  if (names.length === 0) return null;
  return (
    <Card size="small" className="below" title={t('Bí mật', 'Secrets')}>
      <p className="note">
        {t(
          'Được niêm phong khi lưu, không bao giờ hiện lại.',
          'Sealed when saved, never shown again.',
        )}
      </p>
      <div className="field-grid">
        {names.map(([name, label]) => (
          <Form.Item
            key={name}
            className="manifest-field"
            label={say(label)}
            htmlFor={`secret-${name}`}
          >
            <Input.Password
              id={`secret-${name}`}
              autoComplete="new-password"
              value={props.secrets[name] ?? ''}
              placeholder={props.kept === true ? t('Giữ như cũ', 'Left as it is') : ''}
              onChange={({ target }) => props.change(name, target.value)}
            />
          </Form.Item>
        ))}
      </div>
    </Card>
  );
}
