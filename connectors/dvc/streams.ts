import type {
  Classification,
  ColumnContract,
  ColumnType,
  StreamContract,
} from '../../core/stream-contract.ts';

/** Dossiers, one row for each, in their present state. */
const dossier: StreamContract = {
  stream: 'dossier',
  layer: 'staging',
  label: { vi: 'Hồ sơ thủ tục hành chính', en: 'Dossiers' },
  key: ['dossier_code'],
  subject: 'person',
  deletes: 'none',
  columns: [
    column('dossier_code', 'varchar', 'Mã hồ sơ', 'Dossier code'),
    column('procedure_code', 'varchar', 'Mã thủ tục', 'Procedure code'),
    column('procedure_name', 'varchar', 'Tên thủ tục', 'Procedure'),
    column('field_code', 'varchar', 'Mã lĩnh vực', 'Field code'),
    column('field_name', 'varchar', 'Lĩnh vực', 'Field'),
    column(
      'channel',
      'integer',
      'Kênh (1 trực tiếp, 2 trực tuyến, 3 bưu chính)',
      'Channel (1 in person, 2 online, 3 post)',
    ),
    column(
      'owner_id_number',
      'varchar',
      'Số giấy tờ chủ hồ sơ',
      'Identity number of the owner',
      'personal',
    ),
    column('owner_name', 'varchar', 'Chủ hồ sơ', 'Owner', 'personal'),
    column(
      'owner_kind',
      'integer',
      'Đối tượng (0 công dân, 1 doanh nghiệp, 2 hộ kinh doanh)',
      'Owner kind (0 citizen, 1 enterprise, 2 household)',
    ),
    column('owner_code', 'varchar', 'Mã đối tượng', 'Owner code', 'personal'),
    column('other_information', 'varchar', 'Thông tin khác', 'Other information', 'personal'),
    column('email', 'varchar', 'Thư điện tử', 'E-mail', 'personal'),
    column('fax', 'varchar', 'Fax', 'Fax', 'personal'),
    column('phone', 'varchar', 'Số điện thoại', 'Telephone', 'personal'),
    column('summary', 'varchar', 'Trích yếu', 'Summary', 'personal'),
    column('submitted_at', 'timestamp', 'Ngày nộp', 'Submitted at'),
    column('received_at', 'timestamp', 'Ngày tiếp nhận', 'Received at'),
    column('due_at', 'timestamp', 'Ngày hẹn trả', 'Due at'),
    column('status', 'integer', 'Trạng thái', 'Status'),
    column('returned_at', 'timestamp', 'Ngày trả', 'Returned at'),
    column('return_information', 'varchar', 'Thông tin trả', 'Return information', 'personal'),
    column('return_method', 'varchar', 'Hình thức trả', 'Return method'),
    column('finished_at', 'timestamp', 'Ngày kết thúc xử lý', 'Finished at'),
    column('refused_at', 'timestamp', 'Ngày từ chối', 'Refused at'),
    column('agency_code', 'varchar', 'Đơn vị xử lý', 'Agency'),
    column('commune_code', 'varchar', 'Nơi nộp hồ sơ', 'Commune of submission'),
    column('note', 'varchar', 'Ghi chú', 'Note', 'personal'),
    column(
      'has_digitised_components',
      'boolean',
      'Có thành phần số hóa',
      'Has digitised components',
    ),
    column('is_vneid_verified', 'boolean', 'Tài khoản xác thực VNeID', 'Account verified by VNeID'),
    column('online_payment', 'integer', 'Thanh toán trực tuyến (0, 1, 2)', 'Paid online (0, 1, 2)'),
    column(
      'owner_identities',
      'varchar',
      'Định danh chủ hồ sơ',
      'Identities of the owner',
      'personal',
    ),
    column('linked_databases', 'varchar', 'Cơ sở dữ liệu kết nối', 'Linked databases'),
    column('other_attachments', 'varchar', 'Tệp đính kèm khác', 'Other attachments', 'personal'),
    column('result_documents', 'varchar', 'Giấy tờ kết quả', 'Result documents', 'personal'),
    column('updated_at', 'timestamp', 'Ngày cập nhật', 'Updated at'),
  ],
};

const supplement: StreamContract = child(
  'dossier_supplement',
  'Yêu cầu bổ sung',
  'Supplement requests',
  'supplement_id',
  [
    column('dossier_code', 'varchar', 'Mã hồ sơ', 'Dossier code'),
    column('supplement_id', 'varchar', 'Mã yêu cầu', 'Request id'),
    column('requested_by', 'varchar', 'Người yêu cầu', 'Requested by', 'personal'),
    column('content', 'varchar', 'Nội dung', 'Content', 'personal'),
    column('requested_at', 'timestamp', 'Ngày yêu cầu', 'Requested at'),
    column('received_by', 'varchar', 'Người tiếp nhận bổ sung', 'Received by', 'personal'),
    column(
      'receipt_information',
      'varchar',
      'Thông tin tiếp nhận',
      'Receipt information',
      'personal',
    ),
    column('answered_at', 'timestamp', 'Ngày tiếp nhận bổ sung', 'Answered at'),
    column('status', 'varchar', 'Trạng thái bổ sung', 'Status'),
    column('due_before', 'timestamp', 'Ngày hẹn trả trước', 'Due before'),
    column('due_after', 'timestamp', 'Ngày hẹn trả mới', 'Due after'),
  ],
);

const step: StreamContract = child(
  'dossier_step',
  'Tiến trình xử lý',
  'Processing steps',
  'step_no',
  [
    column('dossier_code', 'varchar', 'Mã hồ sơ', 'Dossier code'),
    column('step_no', 'integer', 'Bước', 'Step'),
    column('officer', 'varchar', 'Người xử lý', 'Officer', 'personal'),
    column('officer_title', 'varchar', 'Chức danh', 'Title'),
    column('processed_at', 'timestamp', 'Thời điểm xử lý', 'Processed at'),
    column('unit', 'varchar', 'Phòng ban', 'Unit'),
    column('content', 'varchar', 'Nội dung', 'Content', 'personal'),
    column('status', 'integer', 'Trạng thái', 'Status'),
    column('started_at', 'timestamp', 'Ngày bắt đầu', 'Started at'),
    column('due_at', 'timestamp', 'Kết thúc theo quy định', 'Due at'),
  ],
);

const fee: StreamContract = child('dossier_fee', 'Phí, lệ phí', 'Fees', 'fee_no', [
  column('dossier_code', 'varchar', 'Mã hồ sơ', 'Dossier code'),
  column('fee_no', 'integer', 'Thứ tự', 'Number'),
  column('fee_code', 'varchar', 'Mã phí', 'Fee code'),
  column('fee_name', 'varchar', 'Tên phí', 'Fee'),
  column(
    'collected_at',
    'integer',
    'Thời điểm thu (1, 2, 4)',
    'Collected at (1 intake, 2 supplement, 4 return)',
  ),
  { ...column('amount', 'decimal(21,6)', 'Số tiền', 'Amount'), unit: 'VND' },
  column('kind', 'varchar', 'Loại', 'Kind'),
]);

const document: StreamContract = child(
  'dossier_document',
  'Giấy tờ nộp',
  'Submitted documents',
  'document_no',
  [
    column('dossier_code', 'varchar', 'Mã hồ sơ', 'Dossier code'),
    column('document_no', 'integer', 'Thứ tự', 'Number'),
    column('attachment_id', 'varchar', 'Mã tệp', 'Attachment id'),
    column('file_name', 'varchar', 'Tên tệp', 'File name', 'personal'),
    column('is_deleted', 'boolean', 'Đã xóa', 'Deleted'),
    column('component_code', 'varchar', 'Mã thành phần', 'Component code'),
    column('address', 'varchar', 'Đường dẫn', 'Address', 'personal'),
    column('is_digitised', 'boolean', 'Được số hóa', 'Digitised'),
    column('is_reused', 'boolean', 'Được tái sử dụng', 'Reused'),
    column('is_from_repository', 'boolean', 'Lấy từ kho quốc gia', 'From the national repository'),
    column('replaced_by', 'varchar', 'Mã kết quả thay thế', 'Replacing result'),
  ],
);

/** The streams that come with the dossiers. */
export const dossierStreams: readonly StreamContract[] = [dossier, supplement, step, fee, document];

/** The code lists. */
export const listStreams: readonly StreamContract[] = [
  {
    stream: 'dossier_status',
    layer: 'dim',
    label: { vi: 'Trạng thái hồ sơ', en: 'Dossier statuses' },
    key: ['status'],
    deletes: 'absence',
    columns: [
      column('status', 'integer', 'Mã trạng thái', 'Status', 'public'),
      column('name_vi', 'varchar', 'Tên trạng thái', 'Name', 'public'),
    ],
  },
  {
    stream: 'procedure',
    layer: 'staging',
    label: { vi: 'Thủ tục hành chính', en: 'Administrative procedures' },
    key: ['procedure_code'],
    deletes: 'absence',
    columns: [
      column('procedure_code', 'varchar', 'Mã thủ tục', 'Procedure code', 'public'),
      column('procedure_name', 'varchar', 'Tên thủ tục', 'Procedure', 'public'),
      column('field_code', 'varchar', 'Mã lĩnh vực', 'Field code', 'public'),
      column('field_name', 'varchar', 'Lĩnh vực', 'Field', 'public'),
      column('level', 'varchar', 'Cấp thực hiện', 'Level', 'public'),
      {
        ...column(
          'statutory_working_days',
          'integer',
          'Thời hạn giải quyết',
          'Statutory duration',
          'public',
        ),
        unit: 'working day',
      },
      column('has_fee', 'boolean', 'Có thu phí', 'Bears a fee', 'public'),
      { ...column('fee', 'decimal(21,6)', 'Mức phí', 'Fee', 'public'), unit: 'VND' },
      column(
        'is_online_eligible',
        'boolean',
        'Đủ điều kiện trực tuyến',
        'Can be done online',
        'public',
      ),
    ],
  },
  {
    stream: 'agency',
    layer: 'dim',
    label: { vi: 'Cơ quan, đơn vị', en: 'Agencies' },
    key: ['agency_code', 'valid_from'],
    deletes: 'absence',
    columns: [
      column(
        'agency_code',
        'varchar',
        'Mã đơn vị (QĐ 20/2020)',
        'Agency code (QĐ 20/2020)',
        'public',
      ),
      column('agency_code_as_given', 'varchar', 'Mã như nguồn ghi', 'Code as given', 'public'),
      column('agency_name', 'varchar', 'Tên đơn vị', 'Agency', 'public'),
      column('level', 'varchar', 'Cấp', 'Level', 'public'),
      column('parent_code', 'varchar', 'Đơn vị cấp trên', 'Parent', 'public'),
      column('commune_code', 'varchar', 'Mã xã', 'Commune', 'public'),
      column('district_code', 'varchar', 'Mã huyện', 'District', 'public'),
      column('valid_from', 'date', 'Hiệu lực từ', 'Valid from', 'public'),
      column('valid_to', 'date', 'Hiệu lực đến', 'Valid to', 'public'),
      column('successor_codes', 'varchar', 'Đơn vị kế thừa', 'Successors', 'public'),
      column('predecessor_codes', 'varchar', 'Đơn vị tiền thân', 'Predecessors', 'public'),
    ],
  },
];

function child(
  stream: string,
  vi: string,
  en: string,
  number: string,
  columns: readonly ColumnContract[],
): StreamContract {
  return {
    stream,
    layer: 'staging',
    label: { vi, en },
    key: ['dossier_code', number],
    subject: 'person',
    parent: 'dossier',
    deletes: 'none',
    columns,
  };
}

function column(
  name: string,
  type: ColumnType,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): ColumnContract {
  return { name, type, label: { vi, en }, classification };
}
