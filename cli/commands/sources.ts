import { isObject } from '../../core/json-member.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';
import { pathTo } from '../api-client.ts';
import type { CommandSpec, Given, OptionSpec } from '../command-spec.ts';
import type { ExitCode } from '../environment.ts';
import { configFromPairs, readConfigFile, readTextFile, splitPair } from '../config-values.ts';
import { showRun } from '../present-run.ts';
import { presentUndeclared } from '../present-undeclared.ts';
import { presentItems, presentObject } from '../present.ts';
import { inWords, listOf, member, textAt } from '../reading.ts';
import type { Shell } from '../shell.ts';
import { uploadFile } from '../upload-file.ts';
import { usageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';

const configOptions: readonly OptionSpec[] = [
  {
    flags: '--config <file>',
    summary: { vi: 'tệp cấu hình YAML hoặc JSON', en: 'configuration file, YAML or JSON' },
  },
  {
    flags: '--set <pairs...>',
    summary: { vi: 'cấu hình khóa=giá trị', en: 'configuration key=value' },
  },
  {
    flags: '--set-secret <pairs...>',
    summary: { vi: 'bí mật tên=giá trị', en: 'secret name=value' },
  },
  {
    flags: '--secret-env <pairs...>',
    summary: { vi: 'bí mật tên=BIẾN_MÔI_TRƯỜNG', en: 'secret name=ENVIRONMENT_VARIABLE' },
  },
];

const ownersOptions: readonly OptionSpec[] = [
  {
    flags: '--contract <file>',
    summary: {
      vi: 'hợp đồng dữ liệu theo luồng: ngưỡng dòng bị loại, xử lý cột thay đổi (YAML hoặc JSON)',
      en: 'contract by stream: thresholds of rejected rows, rules on changed columns (YAML or JSON)',
    },
  },
  {
    flags: '--notify <addresses...>',
    summary: { vi: 'thư báo dòng bị loại tới', en: 'mail about rejected rows goes to' },
  },
  {
    flags: '--freshness <duration>',
    summary: {
      vi: 'bao lâu phải có dữ liệu mới: PT6H, P1D, P1W, P1M',
      en: 'how often something new is expected: PT6H, P1D, P1W, P1M',
    },
  },
];

/** `phusa source …` */
export const sourceCommands: readonly CommandSpec[] = [
  {
    usage: 'source add <name>',
    summary: { vi: 'Khai báo một nguồn', en: 'Add a source' },
    options: [
      {
        flags: '--connector <name>',
        summary: { vi: 'loại kết nối', en: 'connector' },
        required: true,
      },
      ...configOptions,
      {
        flags: '--owner <agency>',
        summary: { vi: 'mã đơn vị chủ quản', en: 'code of the owner agency' },
      },
      ...ownersOptions,
    ],
    run: addSource,
  },
  {
    usage: 'source edit <name>',
    summary: {
      vi: 'Sửa nguồn: phiên bản mới, cần chứng nhận và phê duyệt lại',
      en: 'Edit a source: a new version, to be certified and approved again',
    },
    options: [...configOptions, ...ownersOptions],
    run: editSource,
  },
  {
    usage: 'source adopt <name>',
    summary: {
      vi: 'Chấp nhận thay đổi cột của nguồn: tên mới, cột mới, cột bị bỏ; thành một phiên bản mới',
      en: 'Take up changes of its columns: new names, new columns, columns that are gone; a new version',
    },
    options: [
      { flags: '--stream <name>', summary: { vi: 'chỉ luồng này', en: 'only this stream' } },
      {
        flags: '--column <name>',
        summary: { vi: 'chỉ cột này (tên khai hoặc tên ở nguồn)', en: 'only this column' },
      },
      {
        flags: '--ignore',
        summary: { vi: 'bỏ qua cột mới, không khai', en: 'leave new columns out for ever' },
      },
      {
        flags: '--class <class>',
        summary: { vi: 'mức bảo mật của cột mới', en: 'class of new columns' },
        choices: ['public', 'internal', 'personal', 'sensitive'],
      },
      {
        flags: '--back-fill',
        summary: {
          vi: 'nạp bù cột mới từ dữ liệu gốc (khi nguồn đang hoạt động)',
          en: 'fill new columns from landed bytes (where the source is active)',
        },
      },
    ],
    run: adopt,
  },
  {
    usage: 'source back-fill <name>',
    summary: {
      vi: 'Giải mã lại các lô đã nhận theo phiên bản hiện tại, giữ nguyên lịch sử',
      en: 'Decode landed batches again by the present version; history stays',
    },
    options: [
      { flags: '--stream <name>', summary: { vi: 'chỉ luồng này', en: 'only this stream' } },
    ],
    run: async (shell, given) => await backFill(shell, given.text('name'), given.pick('stream')),
  },
  {
    usage: 'source certify <name>',
    summary: {
      vi: 'Chứng nhận nguồn bằng các phép chứng minh với nguồn thật',
      en: 'Certify a source by proofs against the live source',
    },
    options: [
      {
        flags: '--batches <number>',
        summary: { vi: 'số lô đọc nhiều nhất (30)', en: 'most batches that are read (30)' },
      },
      {
        flags: '--recorded',
        summary: {
          vi: 'với dữ liệu gốc đã nhận thay cho nguồn thật; phép nào cần nguồn thật thì nêu rõ',
          en: 'against landed bytes instead of the live source; what needs the source is named',
        },
      },
    ],
    run: certify,
  },
  {
    usage: 'source list',
    summary: { vi: 'Các nguồn', en: 'Sources' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/sources' });
      const columns = ['name', 'connector', 'owner', 'status', 'version', 'next'];
      shell.show(result, () => presentItems(result, shell.language, columns));
    },
  },
  {
    usage: 'source league',
    summary: {
      vi: 'Bảng xếp hạng đơn vị cung cấp: đúng hạn, đầy đủ, hợp lệ, độ trễ',
      en: 'League table of suppliers: on time, complete, valid, delay',
    },
    options: [{ flags: '--period <period>', summary: { vi: 'kỳ', en: 'period' }, required: true }],
    run: async (shell, given) => {
      const path = pathTo`/suppliers/${given.text('period')}`;
      const result = await shell.api.call({ method: 'GET', path });
      const columns = [
        ...['agency', 'source', 'score', 'onTime', 'complete', 'valid', 'delayHours'],
        ...['runs', 'batches', 'received', 'rejected'],
      ];
      shell.show(result, () =>
        presentItems(member(result, 'suppliers') ?? [], shell.language, columns),
      );
    },
  },
  {
    usage: 'source show <name>',
    summary: { vi: 'Một nguồn', en: 'One source' },
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'source check <name>',
    summary: { vi: 'Thử kết nối', en: 'Connection test' },
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}/check`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () => inWords(member(result, 'found'), shell.language));
    },
  },
  {
    usage: 'source discover <name>',
    summary: { vi: 'Các luồng và cột mà nguồn có', en: 'Streams and columns of the source' },
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}/discover`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () =>
        presentEach(shell, member(result, 'offered') ?? member(result, 'streams')),
      );
    },
  },
  {
    usage: 'source preview <name>',
    summary: { vi: 'Đọc thử, không thay đổi gì', en: 'Preview; changes nothing' },
    options: [
      { flags: '--stream <name>', summary: { vi: 'chỉ luồng này', en: 'only this stream' } },
      { flags: '--limit <rows>', summary: { vi: 'số dòng nhiều nhất', en: 'most rows' } },
    ],
    run: previewSource,
  },
  {
    usage: 'source upload <name> <file>',
    summary: {
      vi: 'Gửi một tệp tới hộp nhận của nguồn; bị ngắt thì chạy lại để gửi tiếp',
      en: "Send a file to the source's inbox; run again to go on after a break",
    },
    run: uploadFile,
  },
  {
    usage: 'source inbox <name>',
    summary: { vi: 'Các tệp đã gửi tới nguồn', en: 'Files that were sent to the source' },
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}/inbox`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentItems(result, shell.language, ['name', 'bytes']));
    },
  },
  decision('approve', { vi: 'Phê duyệt nguồn', en: 'Approve a source' }),
  {
    usage: 'source pause <name>',
    summary: { vi: 'Tạm dừng nguồn', en: 'Pause a source' },
    options: [{ flags: '--reason <text>', summary: { vi: 'lý do', en: 'reason' }, required: true }],
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}/pause`;
      const body = { reason: given.text('reason') };
      const result = await shell.api.call({ method: 'POST', path, body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  decision('resume', { vi: 'Cho nguồn chạy lại', en: 'Resume a source' }),
  {
    usage: 'source remove <name>',
    summary: { vi: 'Gỡ nguồn (dữ liệu vẫn còn)', en: 'Remove a source (its data stay)' },
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}`;
      const result = await shell.api.call({ method: 'DELETE', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
];

function decision(verb: 'approve' | 'resume', summary: Localized): CommandSpec {
  return {
    usage: `source ${verb} <name>`,
    summary,
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('name')}/${verb}`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  };
}

async function addSource(shell: Shell, given: Given): Promise<void> {
  const connector = given.text('connector');
  const file = given.optional('config');
  const described = await shell.api.call({ method: 'GET', path: pathTo`/connectors/${connector}` });
  const schema = member(described, 'config');
  const body = {
    name: given.text('name'),
    connector,
    config: {
      ...(file === undefined ? {} : await configOf(file, schema)),
      ...configFromPairs(given.list('set'), schema),
    },
    secrets: secretsOf(shell, given),
    ...given.pick('owner'),
    ...(await ownersParts(given)),
  };
  const result = await shell.api.call({ method: 'POST', path: '/sources', body });
  shell.show(result, () => presentObject(result, shell.language));
}

async function editSource(shell: Shell, given: Given): Promise<void> {
  const path = pathTo`/sources/${given.text('name')}`;
  const source = await shell.api.call({ method: 'GET', path });
  const connector = textAt(source, 'connector') ?? '';
  const described = await shell.api.call({ method: 'GET', path: pathTo`/connectors/${connector}` });
  const schema = member(described, 'config');
  const file = given.optional('config');
  const pairs = configFromPairs(given.list('set'), schema);
  const base =
    file === undefined ? asObject(member(source, 'config')) : await configOf(file, schema);
  const changes = file !== undefined || Object.keys(pairs).length > 0;
  const secrets = secretsOf(shell, given);
  const body = {
    ...(changes ? { config: { ...base, ...pairs } } : {}),
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    ...(await ownersParts(given)),
  };
  const result = await shell.api.call({ method: 'POST', path: `${path}/edit`, body });
  shell.show(result, () => presentObject(result, shell.language));
}

async function ownersParts(given: Given): Promise<JsonObject> {
  const contract = given.optional('contract');
  const notify = given.list('notify');
  const freshness = given.optional('freshness');
  return {
    ...(contract === undefined ? {} : { contract: await readConfigFile(contract) }),
    ...(notify.length === 0 ? {} : { notify }),
    ...(freshness === undefined ? {} : { freshness }),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

async function adopt(shell: Shell, given: Given): Promise<ExitCode> {
  const name = given.text('name');
  const classification = given.optional('class');
  const body = {
    ...given.pick('stream', 'column'),
    ...(given.flag('ignore') ? { ignore: true } : {}),
    ...(classification === undefined ? {} : { classification }),
  };
  const path = pathTo`/sources/${name}/adopt`;
  const result = await shell.api.call({ method: 'POST', path, body });
  if (given.flag('backFill') && textAt(result, 'status') === 'active')
    return await backFill(shell, name, given.pick('stream'));
  shell.show(result, () => presentObject(result, shell.language));
  return 0;
}

async function backFill(shell: Shell, name: string, body: JsonObject): Promise<ExitCode> {
  const path = pathTo`/sources/${name}/back-fill`;
  return showRun(shell, await shell.api.call({ method: 'POST', path, body }));
}

async function certify(shell: Shell, given: Given): Promise<ExitCode> {
  const batches = given.optional('batches');
  const body = {
    ...(batches === undefined ? {} : { batches: wholeNumber(batches) }),
    ...(given.flag('recorded') ? { recorded: true } : {}),
  };
  const path = pathTo`/sources/${given.text('name')}/certify`;
  const result = await shell.api.call({ method: 'POST', path, body });
  const proofs = listOf(member(result, 'proofs')).map((proof) => ({
    proof: textAt(proof, 'proof') ?? '',
    outcome: textAt(proof, 'outcome') ?? '',
    label: inWords(member(proof, 'label'), shell.language),
    reason: inWords(member(proof, 'reason'), shell.language),
  }));
  shell.show(result, () => presentItems(proofs, shell.language));
  return member(result, 'passed') === true ? 0 : 1;
}

/** A file's configuration; where it is a document of its own, its text, so that problems are told with their line. */
async function configOf(file: string, schema: Json | undefined): Promise<JsonObject> {
  return textAt(schema, 'document') === 'yaml'
    ? { yaml: await readTextFile(file) }
    : await readConfigFile(file);
}

function secretsOf(shell: Shell, given: Given): Record<string, string> {
  const direct = given.list('setSecret').map(splitPair);
  const fromEnvironment = given.list('secretEnv').map((pair) => {
    const [name, variable] = splitPair(pair);
    const value = shell.environment.env[variable];
    if (value !== undefined) return [name, value] as const;
    throw usageError({
      vi: `Biến môi trường ${variable} chưa được đặt.`,
      en: `The environment variable ${variable} is not set.`,
    });
  });
  return Object.fromEntries([...direct, ...fromEnvironment]);
}

async function previewSource(shell: Shell, given: Given): Promise<void> {
  const limit = given.optional('limit');
  const body = {
    ...given.pick('stream'),
    ...(limit === undefined ? {} : { limit: wholeNumber(limit) }),
  };
  const path = pathTo`/sources/${given.text('name')}/preview`;
  const result = await shell.api.call({ method: 'POST', path, body });
  const batches = member(result, 'pages');
  shell.show(
    result,
    () => presentEach(shell, batches) + presentUndeclared(batches, shell.language),
  );
}

function presentEach(shell: Shell, value: Json | undefined): string {
  const items = listOf(value);
  return items.map((item) => presentObject(item, shell.language)).join('\n\n———\n\n');
}
