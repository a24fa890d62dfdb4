import { cell } from './cell.js';
import type { Style } from './style.js';

interface Look {
  /** Amounts and counts stand at the right. */
  readonly align?: 'right';
  readonly paint?: (text: string, style: Style) => (text: string) => string;
}

/** Column of rows of the same type. */
export interface Column<T> extends Look {
  readonly title: string;
  /** Field name, or a function of the row. */
  readonly of: (keyof T & string) | ((row: T) => unknown);
  readonly show?: (value: unknown) => string;
}

/** Formats a table for people; `empty` is the sentence for an empty table. */
export function table<T extends object>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  style: Style,
  empty: string,
): string {
  if (rows.length === 0) return style.dim(empty);
  const cells = rows.map((row) => columns.map((column) => textOf(column, row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => width(line[index] ?? ''))),
  );
  const header = columns.map((column, index) =>
    style.bold(pad(column.title, widths[index] ?? 0, column)),
  );
  const lines = cells.map((line) =>
    columns.map((column, index) => painted(column, line[index] ?? '', widths[index] ?? 0, style)),
  );
  return [header, ...lines].map((line) => line.join('  ').trimEnd()).join('\n');
}

/** Formats facts about a single item, a line per fact. */
export function facts(pairs: readonly (readonly [string, string])[], style: Style): string {
  const widest = Math.max(0, ...pairs.map(([label]) => label.length));
  return pairs.map(([label, text]) => `${style.bold(label.padEnd(widest))}  ${text}`).join('\n');
}

function textOf<T>({ of, show = cell }: Column<T>, row: T): string {
  return show(typeof of === 'string' ? row[of] : of(row));
}

function painted(column: Look, text: string, to: number, style: Style): string {
  const padded = pad(text, to, column);
  return column.paint ? column.paint(text, style)(padded) : padded;
}

function pad(text: string, to: number, { align }: Look): string {
  const blanks = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'right' ? `${blanks}${text}` : `${text}${blanks}`;
}

/** In characters, not in UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
