import { z } from 'zod';
import { isWebBase } from '../source-base.ts';
import { resourceTypes } from './resources.ts';

const address = z.url({ protocol: /^https?$/ });

const signIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer') }),
  z.strictObject({
    kind: z.literal('smart'),
    clientId: z.string().min(1).meta({ title: 'Mã ứng dụng / Client id' }),
    keyId: z.string().min(1).exactOptional().meta({ title: 'Mã khóa (kid) / Key id' }),
    algorithm: z
      .enum(['RS384', 'ES384'])
      .default('RS384')
      .meta({ title: 'Thuật toán / Algorithm' }),
    tokenUrl: address.exactOptional().meta({
      title: 'Địa chỉ cấp mã / Token address',
      description: 'Bỏ trống: hỏi .well-known/smart-configuration / Empty: asked of the server',
    }),
    scope: z.string().min(1).default('system/*.read').meta({ title: 'Phạm vi / Scope' }),
  }),
]);

/** Where FHIR resources come from: a server's bulk export, or a directory of NDJSON files that one gave. */
export const fhirConfig = z.strictObject({
  base: z.string().min(1).meta({
    title: 'Thư mục hoặc địa chỉ / Directory or address',
    description: 'Gốc FHIR R4 của máy chủ, hoặc thư mục tệp .ndjson / FHIR R4 root, or a directory',
  }),
  level: z
    .string()
    .regex(/^(system|patient|group:[A-Za-z0-9\-.]{1,64})$/)
    .default('system')
    .meta({
      title: 'Phạm vi kết xuất / Level',
      description: 'system, patient, group:MÃ / system, patient, group:ID',
    }),
  types: z
    .array(z.enum(resourceTypes))
    .min(1)
    .default([...resourceTypes])
    .meta({ title: 'Loại tài nguyên / Resource types' }),
  signIn: signIn.default({ kind: 'none' }).meta({ title: 'Đăng nhập / Signing in' }),
  lookBackMinutes: z
    .int()
    .min(0)
    .max(525_600)
    .default(60)
    .meta({ title: 'Số phút đọc lại / Look-back minutes' }),
  everySeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(10)
    .meta({ title: 'Hỏi lại sau (giây) / Ask again after (s)' }),
  mostSeconds: z
    .int()
    .min(1)
    .max(604_800)
    .default(21_600)
    .meta({ title: 'Chờ tối đa (giây) / Wait at most (s)' }),
  acceptErrors: z.boolean().default(false).meta({
    title: 'Nhận cả khi máy chủ báo lỗi từng phần / Accept partial errors',
  }),
  zone: z.string().min(1).default('Asia/Ho_Chi_Minh').meta({
    title: 'Múi giờ / Zone',
    description:
      'Ngày của một thời điểm được tính theo múi giờ này / Days of instants are in this zone',
  }),
  fileOrigins: z.array(address).default([]).meta({
    title: 'Nơi khác giữ tệp kết xuất / Other origins of export files',
  }),
  networks: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Mạng nội bộ được phép / Inner networks (CIDR)' }),
});

/** A checked configuration. */
export type FhirConfig = z.infer<typeof fhirConfig>;

/** Whether a configuration names a server rather than a directory. */
export function isServer({ base }: FhirConfig): boolean {
  return isWebBase(base);
}
