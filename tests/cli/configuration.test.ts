import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../core/configuration.ts';
import { PhusaError } from '../../core/errors.ts';

function refusal(environment: Record<string, string>): PhusaError {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof PhusaError) return error;
  }
  throw new TypeError('was accepted');
}

describe('readConfiguration', () => {
  it('has a default for everything, empty variables count as absent', () => {
    expect(readConfiguration({ PHUSA_PORT: '' })).toMatchObject({
      home: '.phusa',
      listen: '127.0.0.1',
      port: 8080,
      runner: 'embedded',
      warehouse: 'duckdb',
      timezone: 'Asia/Ho_Chi_Minh',
      locale: 'vi',
      publicUrl: undefined,
    });
  });

  it('reads every name', () => {
    const read = readConfiguration({
      PHUSA_HOME: '/srv/phusa',
      PHUSA_PORT: '9000',
      PHUSA_PUBLIC_URL: 'https://phusa.haiphong.gov.vn/',
      PHUSA_OIDC_CLIENT_ID: 'ioc',
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      PHUSA_WAREHOUSE: 'postgres',
      DATABASE_URL: 'postgres://phusa@127.0.0.1/phusa',
    });
    expect(read).toMatchObject({
      port: 9000,
      publicUrl: 'https://phusa.haiphong.gov.vn',
      oidc: { client_id: 'ioc' },
      temporal: { TEMPORAL_ADDRESS: '127.0.0.1:7233' },
    });
  });

  it('names every wrong variable at once, in both languages', () => {
    const { code, text } = refusal({
      PHUSA_PORT: '99999',
      PHUSA_LOCALE: 'fr',
      PHUSA_TIMEZONE: 'Sao/Hoa',
      PHUSA_PUBLIC_URL: 'ftp://x',
    });
    expect(code).toBe('configuration-wrong');
    for (const name of ['PHUSA_PORT', 'PHUSA_LOCALE', 'PHUSA_TIMEZONE', 'PHUSA_PUBLIC_URL']) {
      expect(text.vi).toContain(name);
      expect(text.en).toContain(name);
    }
    expect(text.vi).toContain('"99999" không hợp lệ; chấp nhận: 0–65535');
  });

  it('never quotes a secret', () => {
    const { text } = refusal({
      DATABASE_URL: 'mysql://u:mat-khau@h/d',
      PHUSA_SMTP_URL: 'mat-khau',
    });
    expect(text.vi + text.en).not.toContain('mat-khau');
  });

  it('knows what one variable demands of another, and which mean nothing', () => {
    expect(refusal({ PHUSA_WAREHOUSE: 'postgres' }).text.en).toContain('needs DATABASE_URL');
    expect(readConfiguration({ PHUSA_PROT: '1' }).unknown).toEqual(['PHUSA_PROT']);
  });
});
