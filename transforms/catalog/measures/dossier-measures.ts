import type { Measure, Ratio } from '../fact-measure.ts';

const fact = 'mart.dossier_period';

function dossiers(
  name: string,
  where: string,
  vi: string,
  en: string,
  formula: { readonly vi: string; readonly en: string },
): Measure {
  return {
    name,
    fact,
    aggregate: { kind: 'count' },
    where,
    unit: 'dossier',
    label: { vi, en },
    formula,
  };
}

/** Figures of table 1 of the administrative-procedure report (B2), over `mart.dossier_period`. */
export const dossierMeasures = {
  carriedOver: dossiers('carried_over', 'is_carried_over', 'Kỳ trước chuyển sang', 'Carried over', {
    vi: 'hồ sơ tiếp nhận trước kỳ, chưa kết thúc trước kỳ',
    en: 'dossiers received before the period and not ended before it',
  }),
  received: dossiers('received', 'is_received', 'Tiếp nhận', 'Received', {
    vi: 'hồ sơ tiếp nhận trong kỳ',
    en: 'dossiers received in the period',
  }),
  receivedInPerson: dossiers(
    'received_in_person',
    'is_received and channel = 1',
    'Tiếp nhận trực tiếp',
    'Received in person',
    { vi: 'tiếp nhận trong kỳ, kênh trực tiếp', en: 'received in the period in person' },
  ),
  receivedOnline: dossiers(
    'received_online',
    'is_received and channel = 2',
    'Tiếp nhận trực tuyến',
    'Received online',
    { vi: 'tiếp nhận trong kỳ, kênh trực tuyến', en: 'received in the period online' },
  ),
  receivedByPost: dossiers(
    'received_by_post',
    'is_received and channel = 3',
    'Tiếp nhận qua bưu chính công ích',
    'Received by post',
    { vi: 'tiếp nhận trong kỳ, qua bưu chính', en: 'received in the period by post' },
  ),
  resolved: dossiers('resolved', "state_at_end = 'resolved'", 'Đã giải quyết', 'Resolved', {
    vi: 'hồ sơ giải quyết xong trong kỳ',
    en: 'dossiers resolved in the period',
  }),
  resolvedEarly: dossiers(
    'resolved_early',
    "state_at_end = 'resolved' and outcome = 'early'",
    'Đã giải quyết trước hạn',
    'Resolved early',
    { vi: 'ngày kết thúc trước ngày hẹn trả', en: 'ended on a day before the due day' },
  ),
  resolvedOnTime: dossiers(
    'resolved_on_time',
    "state_at_end = 'resolved' and outcome = 'on-time'",
    'Đã giải quyết đúng hạn',
    'Resolved on time',
    {
      vi: 'kết thúc trong ngày hẹn trả, không sau giờ hẹn',
      en: 'ended on the due day, not after the due time',
    },
  ),
  // A dossier whose due time cannot be found is never called on time.
  resolvedLate: dossiers(
    'resolved_late',
    "state_at_end = 'resolved' and (outcome = 'late' or outcome is null)",
    'Đã giải quyết quá hạn',
    'Resolved late',
    {
      vi: 'kết thúc sau hạn, quá số lần yêu cầu bổ sung, hoặc không xác định được hạn',
      en: 'ended after the due time, with too many supplement requests, or without a known due time',
    },
  ),
  open: dossiers('open', "state_at_end = 'in-progress'", 'Đang giải quyết', 'In progress', {
    vi: 'hồ sơ đang xử lý cuối kỳ',
    en: "dossiers in progress at the period's end",
  }),
  openInTime: dossiers(
    'open_in_time',
    "state_at_end = 'in-progress' and is_in_time",
    'Đang giải quyết trong hạn',
    'In progress inside the deadline',
    { vi: 'đang xử lý, cuối kỳ chưa đến hạn', en: "in progress, not yet due at the period's end" },
  ),
  openLate: dossiers(
    'open_late',
    "state_at_end = 'in-progress' and not is_in_time",
    'Đang giải quyết quá hạn',
    'In progress past the deadline',
    { vi: 'đang xử lý, cuối kỳ đã quá hạn', en: "in progress, past due at the period's end" },
  ),
  paused: dossiers('paused', "state_at_end = 'paused'", 'Tạm dừng', 'Paused', {
    vi: 'đang chờ bổ sung hoặc nghĩa vụ tài chính cuối kỳ',
    en: "waiting for supplements or payment at the period's end",
  }),
  endedWithoutResult: dossiers(
    'ended_without_result',
    "state_at_end = 'ended-without-result'",
    'Từ chối/rút',
    'Stopped or withdrawn',
    { vi: 'dừng xử lý hoặc công dân rút trong kỳ', en: 'stopped or withdrawn in the period' },
  ),
  refusedAtIntake: dossiers(
    'refused_at_intake',
    'is_refused_at_intake',
    'Không được tiếp nhận',
    'Refused at intake',
    {
      vi: 'không được tiếp nhận trong kỳ (không nằm trong mẫu số)',
      en: 'refused at intake in the period (in no denominator)',
    },
  ),
  denominator: dossiers('denominator', 'in_denominator', 'Mẫu số', 'Denominator', {
    vi: 'kỳ trước chuyển sang + tiếp nhận',
    en: 'carried over + received',
  }),
  inTime: dossiers('in_time', 'in_numerator', 'Đúng hạn và còn trong hạn', 'On time or inside', {
    vi: 'kết thúc không trễ, hoặc chưa kết thúc và còn trong hạn cuối kỳ',
    en: "ended not late, or not ended and inside the deadline at the period's end",
  }),
  resolvedNotLate: dossiers(
    'resolved_not_late',
    "state_at_end = 'resolved' and outcome in ('early', 'on-time')",
    'Đã giải quyết trước và đúng hạn',
    'Resolved early or on time',
    { vi: 'trước hạn + đúng hạn', en: 'early + on time' },
  ),
  digitised: dossiers('digitised', 'is_received and is_digitised', 'Có số hóa', 'Digitised', {
    vi: 'tiếp nhận trong kỳ, có thành phần số hóa',
    en: 'received in the period with digitised components',
  }),
  verified: dossiers(
    'verified',
    'is_received and is_vneid_verified',
    'Xác thực VNeID',
    'VNeID-verified',
    {
      vi: 'tiếp nhận trong kỳ, tài khoản xác thực VNeID',
      en: 'received in the period, VNeID-verified',
    },
  ),
  feeBearing: dossiers('fee_bearing', 'is_received and bears_fee', 'Có phí', 'Fee-bearing', {
    vi: 'tiếp nhận trong kỳ, có phí lớn hơn 0',
    en: 'received in the period with a fee above 0',
  }),
  paidOnline: dossiers(
    'paid_online',
    'is_received and bears_fee and is_paid_online',
    'Thanh toán trực tuyến',
    'Paid online',
    { vi: 'có phí, thanh toán trực tuyến', en: 'fee-bearing and paid online' },
  ),
} as const satisfies Readonly<Record<string, Measure>>;

/** TTHC.2.1: the official on-time rate. */
export const onTimeRate: Ratio = {
  name: 'on_time_rate',
  numerator: dossierMeasures.inTime,
  denominator: dossierMeasures.denominator,
  multiplier: 100,
  decimals: 2,
  unit: '%',
  label: { vi: 'Tỷ lệ đúng hạn', en: 'On-time rate' },
  formula: {
    vi: '(đã giải quyết đúng/trước hạn + đang giải quyết trong hạn) / (kỳ trước + tiếp nhận) × 100',
    en: '(resolved on time or early + still inside the deadline) / (carried over + received) × 100',
  },
};

/** The share of resolved dossiers on time: often confused with {@link onTimeRate}. */
export const resolvedOnTimeRate: Ratio = {
  name: 'resolved_on_time_rate',
  numerator: dossierMeasures.resolvedNotLate,
  denominator: dossierMeasures.resolved,
  multiplier: 100,
  decimals: 2,
  unit: '%',
  label: {
    vi: 'Tỷ lệ đúng hạn của hồ sơ đã giải quyết',
    en: 'Share of resolved dossiers on time',
  },
  formula: {
    vi: '(trước hạn + đúng hạn) / đã giải quyết × 100',
    en: '(early + on time) / resolved × 100',
  },
};

/** Points of table 2, over `mart.dossier_score`; filter by period, agency and group. */
export const scorePoints: Measure = {
  name: 'points',
  fact: 'mart.dossier_score',
  aggregate: { kind: 'sum', column: 'points' },
  unit: 'point',
  label: { vi: 'Điểm', en: 'Points' },
  formula: {
    vi: 'Σ điểm các chỉ tiêu có dữ liệu; dưới ngưỡng: điểm tối đa × tỷ lệ / ngưỡng',
    en: 'Σ points of the indicators that have data; below the threshold: full marks × ratio / threshold',
  },
};
