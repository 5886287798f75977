import { roles } from '../core/role.ts';
import { accessOf, type Operation } from './operation.ts';

/** The API to read: one page without scripts or outside assets. */
export function apiDocs(table: readonly Operation[], version: string): string {
  const groups = [...new Set(table.map(groupOf))];
  const sections = groups.map((group) => {
    const rows = table.filter((row) => groupOf(row) === group);
    return `<h2>${escape(group)}</h2>${rows.map(describe).join('')}`;
  });
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phù Sa API</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>
<h1>Phù Sa API <small>${escape(version)}</small></h1>
<p>Mô tả máy đọc được / machine-readable: <a href="/api/openapi.json">OpenAPI 3.1</a>.
Lỗi / errors: <code>application/problem+json</code>. Danh sách theo con trỏ / lists page by cursor:
<code>?after=&lt;next&gt;&amp;limit=</code>.</p>${sections.join('')}</body></html>`;
}

function describe(operation: Operation): string {
  const { method, path, summary, long, answers } = operation;
  const marks = [long ? 'NDJSON' : '', answers === 'json' ? '' : answers].filter(Boolean);
  return `<section id="${escape(operation.id)}"><h3><b>${method}</b> <code>/api/v1${escape(path)}</code> ${marks
    .map((mark) => `<i>${mark}</i>`)
    .join(' ')}</h3><p>${escape(summary.vi)}<br><span lang="en">${escape(summary.en)}</span></p>
<p class="who">${escape(who(operation))}</p>${inputs(operation)}</section>`;
}

function groupOf({ id }: Operation): string {
  return id.split('.')[0] ?? '';
}

function who({ grants }: Operation): string {
  if (grants === 'everyone') return 'mọi người đã đăng nhập / everyone signed in';
  const allowed = roles.filter((role) => accessOf(grants, role) !== 'none');
  return allowed
    .map((role) => (accessOf(grants, role) === 'own' ? `${role} (own)` : role))
    .join(', ');
}

function inputs({ query, body }: Operation): string {
  const rows = [
    ...Object.keys(query.shape).map((name) => ['query', name]),
    ...Object.keys(body.shape).map((name) => ['body', name]),
  ];
  if (rows.length === 0) return '';
  return `<ul>${rows.map(([place = '', name = '']) => `<li>${place} <code>${escape(name)}</code></li>`).join('')}</ul>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2937}
h2{border-bottom:2px solid #b45309;margin-top:2.5rem}section{border-left:3px solid #e5e7eb;padding-left:1rem;margin:1rem 0}
h3{margin:0;font-size:1rem}h3 i{background:#fef3c7;padding:0 .4rem;border-radius:3px;font-weight:400}
span[lang=en]{color:#6b7280}.who{font-size:.85rem;color:#92400e}p{margin:.2rem 0}ul{margin:.2rem 0}`;
