import { utcTime } from '@sluice/kernel';
import { usageError } from '../errors/errors.js';

/** Operand or option of a command. */
export interface Input {
  readonly name: string;
  /** As in the usage line, e.g. `--account A`. */
  readonly label: string;
  /** Placeholder of the value of an option; undefined for a switch. */
  readonly value: string | undefined;
  readonly help: string;
  readonly required: boolean;
  readonly repeatable: boolean;
}

export interface Usage {
  readonly name: string;
  readonly line: string;
  readonly operands: readonly Input[];
  readonly options: readonly Input[];
}

/** Values by the names in a usage line, with `_` for `-`. */
export type Given<U extends string> = U extends ''
  ? unknown
  : U extends ` ${infer Rest}`
    ? Given<Rest>
    : U extends `[--${infer Named}]${infer Rest}`
      ? Rest extends `…${infer More}`
        ? Repeated<Named> & Given<More>
        : Optional<Named> & Given<Rest>
      : U extends `--${infer Name} ${infer Rest}`
        ? Rest extends `${infer Value} ${infer More}`
          ? { readonly [K in Snake<Name>]: ValueOf<Value> } & Given<More>
          : { readonly [K in Snake<Name>]: ValueOf<Rest> }
        : U extends `[${infer Name}]${infer Rest}`
          ? { readonly [K in Name]: string | undefined } & Given<Rest>
          : U extends `${infer Word} ${infer Rest}`
            ? OperandOf<Word> & Given<Rest>
            : OperandOf<U>;

type Optional<O extends string> = O extends `${infer Name} ${infer Value}`
  ? { readonly [K in Snake<Name>]: ValueOf<Value> | undefined }
  : { readonly [K in Snake<O>]: boolean };

type Repeated<O extends string> = O extends `${infer Name} ${string}`
  ? { readonly [K in Snake<Name>]: readonly string[] }
  : never;

/** Operands are in upper case, the words of the command in lower case. */
type OperandOf<W extends string> = W extends Uppercase<W> ? { readonly [K in W]: string } : unknown;

type Snake<S extends string> = S extends `${infer A}-${infer B}` ? `${A}_${Snake<B>}` : S;

/**
 * Value of a placeholder, whose alternatives are separated by `|`: `1..9` is a number, `P,…` a list,
 * `none` null, `yes|no` a boolean, another word in lower case itself; anything else is a text. The
 * texts `UTC` and `DATE` are checked against the calendar.
 */
type ValueOf<V extends string> = V extends `${infer One}|${infer More}`
  ? ValueOf<One> | ValueOf<More>
  : V extends 'none'
    ? null
    : V extends 'yes' | 'no'
      ? boolean
      : V extends `${string},…`
        ? readonly string[]
        : V extends `${string}..${string}`
          ? number
          : V extends Lowercase<V>
            ? V
            : string;

const NAME = /^[a-z-]+(?: [a-z][a-z-]*)*/;
const INPUT = /(\[)?(--([a-z-]+)(?: ([^\s\]]+))?|[A-Z_]+)\]?(…)?/g;

/** Parses a usage line such as `key list --account A [--all]`. */
export function readUsage(line: string, helpOf: (name: string) => string): Usage {
  const [name = ''] = NAME.exec(line) ?? [];
  const inputs = [...line.slice(name.length).matchAll(INPUT)].map(
    ([, bracket, label = '', option = label, value, more]): Input => ({
      name: option,
      label,
      value,
      help: helpOf(option),
      required: bracket === undefined,
      repeatable: more !== undefined,
    }),
  );
  const isOption = ({ label }: Input) => label.startsWith('-');
  const operands = inputs.filter((input) => !isOption(input));
  return { name, line, operands, options: inputs.filter(isOption) };
}

const isTime = (text: string): boolean => utcTime(text) !== null;

/** Placeholders with a check of their own, and the words for their values. */
const TIMES: Readonly<Record<string, { is: (text: string) => boolean; words: string }>> = {
  UTC: { is: isTime, words: 'a UTC time such as 2026-11-20T08:00:00Z' },
  DATE: { is: (text) => isTime(`${text}T00:00:00Z`), words: 'a date such as 2026-11-20' },
};
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['none', null],
  ['yes', true],
  ['no', false],
]);

/** Converts the text of an option as its placeholder says. Throws a usage error for another text. */
export function valueOf({ name, value = '' }: Input, text: string): unknown {
  const parts = value.split('|');
  if (value.endsWith(',…')) return wordsIn(name, text);
  if (parts.some((part) => part === text)) return WORDS.has(text) ? WORDS.get(text) : text;
  if (parts.some((part) => isWithin(part, text))) return Number(text);
  const time = TIMES[value];
  if (time?.is(text) ?? parts.some((part) => /^[A-Z:]+$/.test(part))) return text;
  throw usageError(`--${name} takes ${parts.map(described).join(' or ')}, not "${text}"`);
}

function wordsIn(name: string, text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const named = words.filter((word) => word !== '');
  if (named.length === 0)
    throw usageError(`--${name} names at least one ${name.replace(/s$/, '')}`);
  return named;
}

function isWithin(part: string, text: string): boolean {
  const [least, most] = part.split('..');
  return (
    most !== undefined &&
    /^\d{1,9}$/.test(text) &&
    Number(text) >= Number(least) &&
    Number(text) <= Number(most)
  );
}

function described(part: string): string {
  const time = TIMES[part];
  if (time) return time.words;
  const [least, most] = part.split('..');
  return most === undefined ? part : `a whole number from ${least} to ${most}`;
}

/** A word that only the service checks. */
export function word<T extends string>(text: string): T {
  return text as T;
}

/** The fields that have a value. */
export function defined<T extends object>(fields: T): Defined<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

type Defined<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
