import type { Classification } from '../../core/stream-contract.ts';
import type { Localized } from '../../core/localized.ts';

/** The resources of which city statistics are made. */
export const resourceTypes = [
  'Patient',
  'Encounter',
  'Condition',
  'Observation',
  'Immunization',
  'Organization',
  'Location',
] as const;

/** One of {@link resourceTypes}. */
export type ResourceType = (typeof resourceTypes)[number];

/**
 * What an element of a resource is, and with it the columns it becomes: `code` a coded value (`…_system`, `…_code`,
 * `…_display`, all codings in `…_codings`), `reference` (`…_ref` as given, `…_id` where it names a resource), `moment` a
 * date or time of any precision (`…_given`, `…_on`, `…_at`).
 */
export type ElementKind = 'text' | 'flag' | 'number' | 'code' | 'coding' | 'reference' | 'moment';

/** An element of a resource. */
export interface FhirElement {
  readonly column: string;
  readonly kind: ElementKind;
  /** Paths in the resource; the first that has a value counts (choice types have several). */
  readonly paths: readonly string[];
  readonly label: Localized;
  readonly classification: Classification;
}

/** A resource and the stream it becomes. */
export interface FhirResource {
  readonly type: ResourceType;
  readonly stream: string;
  readonly label: Localized;
  readonly isAboutPerson: boolean;
  readonly elements: readonly FhirElement[];
}

const address = (level: Classification, path: string): readonly FhirElement[] => [
  element('text', 'address_city', `${path}.city`, 'Thành phố', 'City', level),
  element('text', 'address_district', `${path}.district`, 'Quận, huyện, xã', 'District', level),
  element('text', 'address_state', `${path}.state`, 'Tỉnh', 'State or province', level),
  element(
    'text',
    'address_postal_code',
    `${path}.postalCode`,
    'Mã bưu chính',
    'Postal code',
    level,
  ),
  element('text', 'address_country', `${path}.country`, 'Quốc gia', 'Country', level),
];

const identifier = (system: Classification, value: Classification): readonly FhirElement[] => [
  element(
    'text',
    'identifier_system',
    'identifier[0].system',
    'Hệ mã',
    'Identifier system',
    system,
  ),
  element('text', 'identifier', 'identifier[0].value', 'Mã định danh', 'Identifier', value),
];

/** The resources and their elements (FHIR R4). */
export const fhirResources: readonly FhirResource[] = [
  {
    type: 'Patient',
    stream: 'fhir_patient',
    label: { vi: 'Người bệnh (FHIR)', en: 'Patients (FHIR)' },
    isAboutPerson: true,
    elements: [
      element('flag', 'is_active', 'active', 'Đang dùng', 'Active', 'internal'),
      ...identifier('internal', 'personal'),
      element('text', 'family_name', 'name[0].family', 'Họ', 'Family name', 'personal'),
      element('text', 'given_name', 'name[0].given[0]', 'Tên', 'Given name', 'personal'),
      element('text', 'gender', 'gender', 'Giới tính', 'Gender', 'personal'),
      element('moment', 'birth', 'birthDate', 'Ngày sinh', 'Birth', 'personal'),
      element('flag', 'is_deceased', 'deceasedBoolean', 'Đã mất', 'Deceased', 'sensitive'),
      element('moment', 'death', 'deceasedDateTime', 'Ngày mất', 'Death', 'sensitive'),
      element('text', 'phone', 'telecom[0].value', 'Điện thoại', 'Telephone', 'personal'),
      element('text', 'address_line', 'address[0].line[0]', 'Địa chỉ', 'Address', 'personal'),
      ...address('personal', 'address[0]'),
      element(
        'reference',
        'organization',
        'managingOrganization.reference',
        'Cơ sở quản lý',
        'Organization',
        'internal',
      ),
    ],
  },
  {
    type: 'Encounter',
    stream: 'fhir_encounter',
    label: { vi: 'Lượt khám chữa bệnh (FHIR)', en: 'Encounters (FHIR)' },
    isAboutPerson: true,
    elements: [
      element('text', 'status', 'status', 'Trạng thái', 'Status', 'internal'),
      element('coding', 'class', 'class', 'Hình thức', 'Class', 'internal'),
      element('code', 'type', 'type[0]', 'Loại', 'Type', 'sensitive'),
      element('code', 'reason', 'reasonCode[0]', 'Lý do', 'Reason', 'sensitive'),
      element('reference', 'patient', 'subject.reference', 'Người bệnh', 'Patient', 'personal'),
      element('moment', 'start', 'period.start', 'Bắt đầu', 'Start', 'sensitive'),
      element('moment', 'end', 'period.end', 'Kết thúc', 'End', 'sensitive'),
      element(
        'reference',
        'organization',
        'serviceProvider.reference',
        'Cơ sở',
        'Organization',
        'internal',
      ),
      element(
        'reference',
        'location',
        'location[0].location.reference',
        'Nơi khám',
        'Location',
        'internal',
      ),
      element(
        'code',
        'disposition',
        'hospitalization.dischargeDisposition',
        'Cách ra viện',
        'Discharge disposition',
        'sensitive',
      ),
    ],
  },
  {
    type: 'Condition',
    stream: 'fhir_condition',
    label: { vi: 'Bệnh, tình trạng (FHIR)', en: 'Conditions (FHIR)' },
    isAboutPerson: true,
    elements: [
      element(
        'code',
        'clinical_status',
        'clinicalStatus',
        'Tình trạng lâm sàng',
        'Clinical status',
        'sensitive',
      ),
      element(
        'code',
        'verification',
        'verificationStatus',
        'Mức xác nhận',
        'Verification',
        'sensitive',
      ),
      element('code', 'category', 'category[0]', 'Nhóm', 'Category', 'internal'),
      element('code', 'condition', 'code', 'Bệnh', 'Condition', 'sensitive'),
      element('reference', 'patient', 'subject.reference', 'Người bệnh', 'Patient', 'personal'),
      element(
        'reference',
        'encounter',
        'encounter.reference',
        'Lượt khám',
        'Encounter',
        'personal',
      ),
      element(
        'moment',
        'onset',
        ['onsetDateTime', 'onsetPeriod.start'],
        'Khởi phát',
        'Onset',
        'sensitive',
      ),
      element(
        'moment',
        'abatement',
        ['abatementDateTime', 'abatementPeriod.end'],
        'Khỏi',
        'Abatement',
        'sensitive',
      ),
      element('moment', 'recorded', 'recordedDate', 'Ghi nhận', 'Recorded', 'sensitive'),
    ],
  },
  {
    type: 'Observation',
    stream: 'fhir_observation',
    label: { vi: 'Quan sát, xét nghiệm (FHIR)', en: 'Observations (FHIR)' },
    isAboutPerson: true,
    elements: [
      element('text', 'status', 'status', 'Trạng thái', 'Status', 'internal'),
      element('code', 'category', 'category[0]', 'Nhóm', 'Category', 'internal'),
      element('code', 'observation', 'code', 'Chỉ số', 'Observation', 'sensitive'),
      element('reference', 'patient', 'subject.reference', 'Người bệnh', 'Patient', 'personal'),
      element(
        'reference',
        'encounter',
        'encounter.reference',
        'Lượt khám',
        'Encounter',
        'personal',
      ),
      element(
        'moment',
        'effective',
        ['effectiveDateTime', 'effectiveInstant', 'effectivePeriod.start'],
        'Thời điểm',
        'Effective',
        'sensitive',
      ),
      element('moment', 'issued', 'issued', 'Trả kết quả', 'Issued', 'sensitive'),
      element(
        'number',
        'value_number',
        ['valueQuantity.value', 'valueInteger'],
        'Giá trị',
        'Value',
        'sensitive',
      ),
      element(
        'text',
        'value_unit',
        ['valueQuantity.code', 'valueQuantity.unit'],
        'Đơn vị',
        'Unit',
        'sensitive',
      ),
      element('code', 'value', 'valueCodeableConcept', 'Giá trị mã', 'Coded value', 'sensitive'),
      element(
        'text',
        'value_text',
        ['valueString', 'valueBoolean', 'valueDateTime'],
        'Giá trị chữ',
        'Text value',
        'sensitive',
      ),
    ],
  },
  {
    type: 'Immunization',
    stream: 'fhir_immunization',
    label: { vi: 'Tiêm chủng (FHIR)', en: 'Immunizations (FHIR)' },
    isAboutPerson: true,
    elements: [
      element('text', 'status', 'status', 'Trạng thái', 'Status', 'internal'),
      element('code', 'vaccine', 'vaccineCode', 'Vắc xin', 'Vaccine', 'sensitive'),
      element('reference', 'patient', 'patient.reference', 'Người tiêm', 'Patient', 'personal'),
      element(
        'reference',
        'encounter',
        'encounter.reference',
        'Lượt khám',
        'Encounter',
        'personal',
      ),
      element('moment', 'occurrence', 'occurrenceDateTime', 'Ngày tiêm', 'Occurrence', 'sensitive'),
      element(
        'text',
        'occurrence_text',
        'occurrenceString',
        'Ngày tiêm (chữ)',
        'Occurrence (text)',
        'sensitive',
      ),
      element(
        'flag',
        'is_primary_source',
        'primarySource',
        'Nguồn trực tiếp',
        'Primary source',
        'internal',
      ),
      element('text', 'lot_number', 'lotNumber', 'Số lô', 'Lot', 'internal'),
      element(
        'text',
        'dose_number',
        ['protocolApplied[0].doseNumberPositiveInt', 'protocolApplied[0].doseNumberString'],
        'Mũi thứ',
        'Dose',
        'sensitive',
      ),
      element('reference', 'location', 'location.reference', 'Nơi tiêm', 'Location', 'internal'),
    ],
  },
  {
    type: 'Organization',
    stream: 'fhir_organization',
    label: { vi: 'Cơ sở y tế (FHIR)', en: 'Organizations (FHIR)' },
    isAboutPerson: false,
    elements: [
      element('flag', 'is_active', 'active', 'Đang hoạt động', 'Active', 'public'),
      ...identifier('public', 'public'),
      element('text', 'name', 'name', 'Tên', 'Name', 'public'),
      element('code', 'type', 'type[0]', 'Loại', 'Type', 'public'),
      element('reference', 'part_of', 'partOf.reference', 'Trực thuộc', 'Part of', 'public'),
      ...address('public', 'address[0]'),
    ],
  },
  {
    type: 'Location',
    stream: 'fhir_location',
    label: { vi: 'Địa điểm (FHIR)', en: 'Locations (FHIR)' },
    isAboutPerson: false,
    elements: [
      element('text', 'status', 'status', 'Trạng thái', 'Status', 'public'),
      ...identifier('public', 'public'),
      element('text', 'name', 'name', 'Tên', 'Name', 'public'),
      element('code', 'type', 'type[0]', 'Loại', 'Type', 'public'),
      element(
        'reference',
        'organization',
        'managingOrganization.reference',
        'Cơ sở quản lý',
        'Organization',
        'public',
      ),
      element('reference', 'part_of', 'partOf.reference', 'Thuộc', 'Part of', 'public'),
      element('number', 'longitude', 'position.longitude', 'Kinh độ', 'Longitude', 'public'),
      element('number', 'latitude', 'position.latitude', 'Vĩ độ', 'Latitude', 'public'),
      ...address('public', 'address'),
    ],
  },
];

function element(
  kind: ElementKind,
  column: string,
  paths: string | readonly string[],
  vi: string,
  en: string,
  classification: Classification,
): FhirElement {
  const list = typeof paths === 'string' ? [paths] : paths;
  return { column, kind, paths: list, label: { vi, en }, classification };
}
