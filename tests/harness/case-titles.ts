import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Groups of numbered cases, and the last number of each. */
const lastOf: Readonly<Record<string, number>> = { A: 48, B: 44, F: 36, H: 24, J: 30 };

const numbers = /\b([ABFHJ])(\d\d)(?:\s*[–-]\s*\1?(\d\d))?\b/g;

/** The numbers of cases that a text names; `A10–A13` names four. */
export function casesIn(text: string): readonly string[] {
  return [...text.matchAll(numbers)].flatMap(([, group = '', first = '', last = first]) => {
    const [from, to] = [Number(first), Math.min(Number(last), lastOf[group] ?? 0)];
    return Array.from(
      { length: Math.max(0, to - from + 1) },
      (_, n) => `${group}${String(from + n).padStart(2, '0')}`,
    );
  });
}

/**
 * The numbers of cases in the titles of a test file: what `describe`, `it` and `test` are called, and the texts of the
 * tables that `each` runs them over, also where such a table is a constant of the file.
 */
export function casesOfTests(path: string): ReadonlySet<string> {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const found = new Set<string>();
  const take = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) for (const one of casesIn(node.text)) found.add(one);
    if (ts.isTemplateExpression(node)) for (const one of casesIn(node.head.text)) found.add(one);
    if (ts.isIdentifier(node)) {
      const table = constants.get(node.text);
      constants.delete(node.text);
      if (table !== undefined) take(table);
    }
    ts.forEachChild(node, take);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      if (isTitled(node.expression)) node.arguments.slice(0, 1).forEach(take);
      if (isEach(node.expression)) node.arguments.slice(0, 1).forEach(take);
    }
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

const titled = new Set(['it', 'test', 'describe']);

/** `it`, `it.skipIf(…)`, `it.each(…)`: what is called with a title. */
function isTitled(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return titled.has(callee.text);
  if (ts.isPropertyAccessExpression(callee)) return isTitled(callee.expression);
  return ts.isCallExpression(callee) && isTitled(callee.expression);
}

/** `it.each`: what is called with a table. */
function isEach(callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 'each' &&
    isTitled(callee.expression)
  );
}
