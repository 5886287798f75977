import { PhusaError } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** A kind of address of a file server or store. */
export interface AddressForm {
  readonly name: 'S3' | 'SFTP';
  /** How such an address is written, told to people. */
  readonly form: Localized;
}

/** An address that is not of its form: fatal `s3-address-invalid` or `sftp-address-invalid`; it is never told itself. */
export function addressRefused({ name, form }: AddressForm, why: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: `${name.toLowerCase()}-address-invalid`,
    message: {
      vi: `Địa chỉ ${name} chưa đúng: ${why}`,
      en: `The ${name} address is not right: ${why}`,
    },
    remedy: { vi: `Dạng: ${form.vi}`, en: `Form: ${form.en}` },
    place: { field: 'base' },
  });
}

/** A part of an address without its percent signs. Throws {@link addressRefused}. */
export function decodedPart(form: AddressForm, text: string, why: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw addressRefused(form, why);
  }
}
