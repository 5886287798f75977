import type { Localized } from '../../core/localized.ts';
import { field, type RosterField } from './field.ts';

/** A table of a roster: its name in REST and CSV, and the stream it becomes. */
export interface Collection {
  readonly name: string;
  readonly stream: string;
  readonly label: Localized;
  readonly subject?: 'person';
  readonly fields: readonly RosterField[];
  /** CSV headers without which a file is another's. */
  readonly headers: readonly string[];
  /** REST has it as part of another collection only. */
  readonly csvOnly?: true;
}

/** The collections, parents before children. */
export const collections = [
  {
    name: 'orgs',
    stream: 'roster_org',
    headers: ['name', 'type'],
    label: { vi: 'Trường, phòng, sở', en: 'Schools and school authorities' },
    fields: [
      field('text', 'org_name', 'name', 'Tên', 'Name', 'public'),
      field('text', 'org_type', 'type', 'Loại', 'Type', 'public'),
      field('text', 'identifier', 'identifier', 'Mã định danh', 'Identifier', 'public'),
      field('reference', 'parent_id', 'parent', 'Đơn vị cấp trên', 'Parent', 'public'),
    ],
  },
  {
    name: 'academicSessions',
    stream: 'roster_session',
    headers: ['title', 'type', 'startDate', 'endDate'],
    label: { vi: 'Năm học, học kỳ', en: 'School years and terms' },
    fields: [
      field('text', 'title', 'title', 'Tên', 'Title', 'public'),
      field('text', 'session_type', 'type', 'Loại', 'Type', 'public'),
      field('day', 'starts_on', 'startDate', 'Ngày bắt đầu', 'Starts on', 'public'),
      field('day', 'ends_on', 'endDate', 'Ngày kết thúc', 'Ends on', 'public'),
      field('reference', 'parent_id', 'parent', 'Thuộc', 'Part of', 'public'),
      field(
        'text',
        'school_year',
        'schoolYear',
        'Năm học (năm kết thúc)',
        'School year (its last year)',
        'public',
      ),
    ],
  },
  {
    name: 'courses',
    stream: 'roster_course',
    headers: ['title', 'courseCode', 'orgSourcedId'],
    label: { vi: 'Môn học', en: 'Courses' },
    fields: [
      field('reference', 'school_year_id', 'schoolYear', 'Năm học', 'School year'),
      field('text', 'title', 'title', 'Tên', 'Title'),
      field('text', 'course_code', 'courseCode', 'Mã môn', 'Course code'),
      field('list', 'grades', 'grades', 'Khối', 'Grades'),
      field('reference', 'org_id', 'org', 'Trường', 'School'),
      field('list', 'subjects', 'subjects', 'Lĩnh vực', 'Subjects'),
      field('list', 'subject_codes', 'subjectCodes', 'Mã lĩnh vực', 'Subject codes'),
    ],
  },
  {
    name: 'classes',
    stream: 'roster_class',
    headers: ['title', 'classType', 'schoolSourcedId'],
    label: { vi: 'Lớp', en: 'Classes' },
    fields: [
      field('text', 'title', 'title', 'Tên', 'Title'),
      field('list', 'grades', 'grades', 'Khối', 'Grades'),
      field('reference', 'course_id', 'course', 'Môn học', 'Course'),
      field('text', 'class_code', 'classCode', 'Mã lớp', 'Class code'),
      field('text', 'class_type', 'classType', 'Loại lớp', 'Class type'),
      field('text', 'location', 'location', 'Phòng', 'Room'),
      field('reference', 'school_id', 'school', 'Trường', 'School'),
      field('references', 'session_ids', 'termSourcedIds/terms', 'Học kỳ', 'Terms'),
      field('list', 'subjects', 'subjects', 'Lĩnh vực', 'Subjects'),
      field('list', 'subject_codes', 'subjectCodes', 'Mã lĩnh vực', 'Subject codes'),
      field('list', 'periods', 'periods', 'Tiết', 'Periods'),
    ],
  },
  {
    name: 'users',
    stream: 'roster_user',
    headers: ['enabledUser', 'username', 'givenName', 'familyName'],
    label: { vi: 'Học sinh, giáo viên, phụ huynh', en: 'Pupils, teachers and parents' },
    subject: 'person',
    fields: [
      field('flag', 'is_enabled', 'enabledUser', 'Đang dùng', 'Enabled'),
      field('references', 'org_ids', 'orgSourcedIds/orgs', 'Trường', 'Schools'),
      field('text', 'role', 'role', 'Vai trò (1.1)', 'Role (1.1)'),
      {
        column: 'roles',
        type: 'varchar',
        vi: 'Vai trò tại từng trường (1.2)',
        en: 'Role at each school (1.2)',
        classification: 'internal',
        json: { kind: 'roles' },
      },
      field(
        'reference',
        'primary_org_id',
        'primaryOrg',
        'Trường chính (1.2)',
        'Primary school (1.2)',
      ),
      field('text', 'username', 'username', 'Tên đăng nhập', 'User name', 'personal'),
      {
        ...field(
          'text',
          'user_ids',
          'userIds',
          'Mã ở hệ thống khác',
          'Ids in other systems',
          'personal',
        ),
        json: { kind: 'user-ids' },
      },
      field(
        'text',
        'master_identifier',
        'userMasterIdentifier',
        'Mã định danh chung',
        'Master identifier',
        'personal',
      ),
      field('text', 'given_name', 'givenName', 'Tên', 'Given name', 'personal'),
      field('text', 'family_name', 'familyName', 'Họ', 'Family name', 'personal'),
      field('text', 'middle_name', 'middleName', 'Tên đệm', 'Middle name', 'personal'),
      field('text', 'identifier', 'identifier', 'Mã học sinh, giáo viên', 'Identifier', 'personal'),
      field('text', 'email', 'email', 'Thư điện tử', 'E-mail', 'personal'),
      field('text', 'sms', 'sms', 'Số nhắn tin', 'SMS number', 'personal'),
      field('text', 'phone', 'phone', 'Số điện thoại', 'Telephone', 'personal'),
      field(
        'references',
        'agent_ids',
        'agentSourcedIds/agents',
        'Người giám hộ',
        'Guardians',
        'personal',
      ),
      field('list', 'grades', 'grades', 'Khối', 'Grades'),
    ],
  },
  {
    name: 'roles',
    stream: 'roster_role',
    headers: ['userSourcedId', 'role', 'orgSourcedId'],
    label: { vi: 'Vai trò (gói CSV 1.2)', en: 'Roles (CSV bundles of 1.2)' },
    subject: 'person',
    csvOnly: true,
    fields: [
      field('reference', 'user_id', 'user', 'Người', 'User', 'personal'),
      field('text', 'role_type', 'roleType', 'Loại vai trò', 'Role type'),
      field('text', 'role', 'role', 'Vai trò', 'Role'),
      field('day', 'starts_on', 'beginDate', 'Từ ngày', 'Begins on'),
      field('day', 'ends_on', 'endDate', 'Đến ngày', 'Ends on'),
      field('reference', 'org_id', 'org', 'Trường', 'School'),
    ],
  },
  {
    name: 'enrollments',
    stream: 'roster_enrollment',
    headers: ['classSourcedId', 'userSourcedId', 'role'],
    label: { vi: 'Ghi danh vào lớp', en: 'Enrolments' },
    subject: 'person',
    fields: [
      { ...field('reference', 'class_id', 'class', 'Lớp', 'Class'), required: true },
      field('reference', 'school_id', 'school', 'Trường', 'School'),
      { ...field('reference', 'user_id', 'user', 'Người', 'User', 'personal'), required: true },
      field('text', 'role', 'role', 'Vai trò', 'Role'),
      field('flag', 'is_primary', 'primary', 'Phụ trách chính', 'Primary'),
      field('day', 'begins_on', 'beginDate', 'Từ ngày', 'Begins on'),
      field('day', 'ends_on', 'endDate', 'Đến ngày', 'Ends on'),
    ],
  },
  {
    name: 'demographics',
    stream: 'roster_demographics',
    headers: ['birthDate', 'sex'],
    label: { vi: 'Nhân khẩu học của học sinh', en: 'Demographics of pupils' },
    subject: 'person',
    fields: [
      field('day', 'birth_date', 'birthDate', 'Ngày sinh', 'Date of birth', 'sensitive'),
      field('text', 'sex', 'sex', 'Giới tính', 'Sex', 'sensitive'),
      field(
        'text',
        'birth_country',
        'countryOfBirthCode',
        'Nước sinh',
        'Country of birth',
        'sensitive',
      ),
      field(
        'text',
        'birth_state',
        'stateOfBirthAbbreviation',
        'Tỉnh sinh',
        'State of birth',
        'sensitive',
      ),
      field('text', 'birth_city', 'cityOfBirth', 'Nơi sinh', 'Place of birth', 'sensitive'),
      field(
        'text',
        'residence_status',
        'publicSchoolResidenceStatus',
        'Diện cư trú',
        'Residence status',
        'sensitive',
      ),
    ],
  },
] as const satisfies readonly Collection[];

/** A collection by its name, whatever the case (`userProfiles` and `userprofiles` are one). */
export function collectionNamed(name: string): Collection | undefined {
  return collections.find((one) => one.name.toLowerCase() === name.toLowerCase());
}
