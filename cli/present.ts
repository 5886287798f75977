import type { Json, JsonObject } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import { labelOf } from './labels.ts';
import { isObject } from '../core/json-member.ts';
import { inWords, listOf } from './reading.ts';
import { textList, textTable } from './text-table.ts';

/** Widest set of columns a generated table shows; the rest is one `show` or `--json` away. */
const mostColumns = 9;

/**
 * Objects as a table. `columns` names the members to show, in order; without it, the members that hold one line each.
 */
export function presentItems(value: Json, language: Language, columns?: readonly string[]): string {
  const items = listOf(value).filter(isObject);
  if (items.length === 0) return language === 'vi' ? '(không có gì)' : '(nothing)';
  const names = columns ?? oneLineMembers(items);
  return textTable(
    names.map((name) => ({
      heading: labelOf(name, language),
      align: items.some((item) => typeof item[name] === 'number') ? 'right' : 'left',
    })),
    items.map((item) => names.map((name) => inWords(item[name], language))),
  );
}

/** One object: its one-line members as a list, its lists of objects as tables below, longer things as JSON. */
export function presentObject(value: Json, language: Language): string {
  if (!isObject(value)) return presentItems(value, language);
  const entries = Object.entries(value);
  const blocks = entries.filter(([, member]) => isBlock(member));
  const short = entries.filter(([, member]) => !isBlock(member) && !isNested(member));
  const nested = entries.filter(([, member]) => isNested(member));
  return [
    textList(short.map(([name, member]) => [labelOf(name, language), inWords(member, language)])),
    ...nested.map(([name, member]) => `${heading(name, language)}\n${indent(pretty(member))}`),
    ...blocks.map(([name, member]) => `${heading(name, language)}\n${block(member, language)}`),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function block(member: Json, language: Language): string {
  return typeof member === 'string' ? indent(member) : presentItems(member, language);
}

function heading(name: string, language: Language): string {
  return `${labelOf(name, language)}:`;
}

/** Shown below: lists of objects, and texts of several lines (SQL). */
function isBlock(member: Json): boolean {
  if (typeof member === 'string') return member.includes('\n');
  return Array.isArray(member) && member.some(isObject);
}

function isNested(member: Json): boolean {
  return isObject(member) && !isLocalized(member);
}

function isLocalized(member: JsonObject): boolean {
  return typeof member['vi'] === 'string' && typeof member['en'] === 'string';
}

function oneLineMembers(items: readonly JsonObject[]): string[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const fits = (name: string): boolean =>
    items.every((item) => !isBlock(item[name] ?? null) && !isNested(item[name] ?? null));
  return names.filter(fits).slice(0, mostColumns);
}

function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
