import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Text styles. Plain if the output is a pipe or file, or with NO_COLOR. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
}

export function styleOf(colours: boolean): Style {
  const paint = (format: 'bold' | 'dim' | 'green' | 'red' | 'yellow'): Paint => {
    return (text) => (colours ? styleText(format, text, { validateStream: false }) : text);
  };
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    doubtful: paint('yellow'),
  };
}

/**
 * Colours of states of withdrawals, submissions and webhooks; no state name has two meanings. Other
 * states are in progress and stay plain.
 */
const MOODS: readonly (readonly ['good' | 'bad' | 'doubtful' | 'dim', string])[] = [
  ['good', 'completed settled delivered'],
  ['bad', 'rejected failed refused disputed'],
  ['doubtful', 'uncertain unknown undecided paused'],
  ['dim', 'absent cancelled deleted'],
];

/** Returns the colour of the state that a text begins with. */
export function paintState(text: string, style: Style): Paint {
  const [state = ''] = text.split(' ', 1);
  const [mood] = MOODS.find(([, states]) => states.split(' ').includes(state)) ?? [];
  return mood === undefined ? (plain) => plain : style[mood];
}

/**
 * Formats any value from a service as a single line of text without terminal control characters.
 */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(cell).join(', ');
  return printable(JSON.stringify(value));
}

/** Names and messages come from outside: escape sequences, line breaks and marks that reorder or hide text are shown, not obeyed. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  );
}

/** Applies `printable` per line, for multi-line texts. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * Formats `2026-05-16 22:00:00Z`, always UTC, for comparison with any log; `length` 23 adds
 * milliseconds. An invalid time is shown unchanged.
 */
export function time(value: unknown, length = 19): string {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return cell(value);
  return `${at.toISOString().slice(0, length).replace('T', ' ')}Z`;
}
