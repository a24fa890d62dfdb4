import type { Page } from '@sluice/http-api';
import type { Row } from '../errors/errors.js';
import { type Style, cell, paintState, time } from './text.js';

/** Fields named by a list of columns, see `columnsIn`. */
type Fields<S extends string> = S extends `${infer One}, ${infer More}`
  ? Fields<One> | Fields<More>
  : S extends `${infer Field} as ${string}`
    ? Fields<Field>
    : S extends `${infer Field}:${string}`
      ? Fields<Field>
      : S extends `${infer One}.${infer More}`
        ? One | Fields<More>
        : S;
export type With<S extends string> = Readonly<Record<Fields<S>, unknown>>;

interface Column {
  readonly title: string;
  readonly fields: readonly string[];
  readonly format: string;
}

/**
 * Reads columns such as `id:right, state:state, currency.network as asset, opened_at as opened`: a
 * field, or fields joined by a dot, its format, and its title. A field `…_at` or `…_until` is a
 * time; `ms` is a time with milliseconds; amounts and counts are at the right.
 */
function columnsIn(list: string): readonly Column[] {
  return list.split(', ').map((one) => {
    const [field = '', title] = one.split(' as ');
    const [path = '', format] = field.split(':');
    return {
      title: title ?? path.replaceAll('_', ' '),
      fields: path.split('.'),
      format: format ?? (/_(?:at|until)$/.test(path) ? 'time' : 'text'),
    };
  });
}

/** Formats a table for people; `empty` is the sentence for an empty table. */
export function table<S extends string>(
  columns: S,
  rows: readonly With<S>[],
  style: Style,
  empty: string,
): string;
export function table(list: string, rows: readonly Row[], style: Style, empty: string): string {
  if (rows.length === 0) return style.dim(empty);
  const columns = columnsIn(list).map((column) => {
    const texts = rows.map((row) => textOf(column, row));
    const all = Math.max(...[column.title, ...texts].map(width));
    const pad = (text: string) => {
      const blanks = ' '.repeat(all - width(text));
      return column.format === 'right' ? `${blanks}${text}` : `${text}${blanks}`;
    };
    return [
      style.bold(pad(column.title)),
      ...texts.map((text) => painted(column, text, style, pad(text))),
    ];
  });
  const lines = ['', ...rows].map((_, at) => columns.map((column) => column[at] ?? ''));
  return lines.map((line) => line.join('  ').trimEnd()).join('\n');
}

/** Formats facts about a single item, a line per fact; missing facts are left out. */
export function facts<S extends string>(list: S, item: With<S>, style: Style): string;
export function facts(list: string, item: Row, style: Style): string {
  const known = columnsIn(list)
    .map((column) => ({ ...column, text: textOf(column, item) }))
    .filter(({ text }) => text !== '–');
  const widest = Math.max(0, ...known.map(({ title }) => title.length));
  return known
    .map((one) => `${style.bold(one.title.padEnd(widest))}  ${painted(one, one.text, style)}`)
    .join('\n');
}

/** Text of an answer that is a list. */
export function list<S extends string>(columns: S, empty: string) {
  return (rows: readonly With<S>[], style: Style): string => table(columns, rows, style, empty);
}

/** Text of an answer that is a page of a list; the last page has no cursor. */
export function page<S extends string>(columns: S, empty: string) {
  return ({ data, next_cursor: next }: Pick<Page<With<S>>, 'data' | 'next_cursor'>, style: Style) =>
    [
      table(columns, data, style, empty),
      typeof next === 'string' && style.dim(`more: --cursor ${next}`),
    ] as const;
}

/** Document of an answer that is a page. */
export function pageJson({ data, next_cursor: next }: Pick<Page<object>, 'data' | 'next_cursor'>) {
  return { data, next_cursor: next ?? null };
}

function textOf({ fields, format }: Column, row: Row): string {
  const show = (value: unknown) =>
    format === 'ms' ? time(value, 23) : format === 'time' ? time(value) : cell(value);
  return fields.map((field) => show(row[field])).join('.');
}

function painted({ format }: Column, text: string, style: Style, padded = text): string {
  return format === 'state' ? paintState(text, style)(padded) : padded;
}

/** In characters, not in UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
