import { PhusaError } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** Nobody is signed in: 401. */
export function notSignedIn(): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'not-signed-in',
    message: {
      vi: 'Bạn chưa đăng nhập hoặc phiên đã hết hạn.',
      en: 'Not signed in, or the session ended.',
    },
    remedy: {
      vi: 'Đăng nhập lại, hoặc gửi mã truy cập còn hiệu lực.',
      en: 'Sign in again, or send a valid token.',
    },
  });
}

/** The person's roles do not allow it: 403. */
export function notPermitted(what: Localized): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'not-permitted',
    message: {
      vi: `Vai trò của bạn không được phép: ${what.vi}.`,
      en: `Your roles do not permit: ${what.en}.`,
    },
    remedy: {
      vi: 'Đề nghị quản trị viên cấp vai trò phù hợp.',
      en: 'Ask an administrator for a suitable role.',
    },
  });
}

/** There is no such thing: 404. */
export function notFound(what: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'not-found',
    message: { vi: `Không tìm thấy “${what}”.`, en: `“${what}” was not found.` },
  });
}

/** The request is not what the operation takes: 400, every problem at once. */
export function wrongInput(
  problems: readonly { readonly name: string; readonly problem: string }[],
): PhusaError {
  const list = problems.map(({ name, problem }) => `${name}: ${problem}`).join('; ');
  return new PhusaError({
    group: 'fatal',
    code: 'wrong-input',
    message: {
      vi: `Dữ liệu gửi lên không hợp lệ (${list}).`,
      en: `The request is not valid (${list}).`,
    },
    remedy: { vi: 'Xem mô tả tại /api/docs.', en: 'See the description at /api/docs.' },
  });
}

/** A browser's request from elsewhere, or to a host name that is not ours: 403. */
export function foreignOrigin(origin: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'foreign-origin',
    message: {
      vi: `Yêu cầu đến từ trang khác (${origin}) nên bị từ chối.`,
      en: `The request comes from another site (${origin}) and was refused.`,
    },
    remedy: {
      vi: 'Dùng đúng địa chỉ của hệ thống (PHUSA_PUBLIC_URL).',
      en: 'Use the address of this installation (PHUSA_PUBLIC_URL).',
    },
  });
}
