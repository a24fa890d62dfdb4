import { makeExactValidator, type ValidatorSpec } from 'envalid';
import { Secret } from './secret.js';

/** How one environment variable becomes one field of the configuration. */
export interface Setting<T> {
  readonly variable: string;
  readonly spec: ValidatorSpec<T>;
  /** A secret that may lie in the file that `<variable>_FILE` names, or in production has to. */
  readonly file?: 'anywhere' | 'in production';
}

type Default<T> = [] | [T];

/** `parse` throws with what was expected. */
export function setting<T>(
  variable: string,
  parse: (text: string) => T,
  ...fallback: Default<T>
): Setting<T> {
  const validator = makeExactValidator<T>(parse);
  return {
    variable,
    // A default may be null, though envalid's types say otherwise.
    spec:
      fallback.length === 0 ? validator() : validator({ default: fallback[0] as NonNullable<T> }),
  };
}

export function text(variable: string, ...fallback: Default<string>): Setting<string> {
  return setting(variable, (value) => value, ...fallback);
}

export function secret(variable: string, ...fallback: Default<Secret>): Setting<Secret> {
  return setting(variable, (value) => new Secret(value), ...fallback);
}

/** A secret from the file that `<variable>_FILE` names, or from the variable. `parse` throws with what was expected, and never with the value. */
export function secretFile(
  variable: string,
  {
    fileInProduction = false,
    parse = (value) => value,
  }: { fileInProduction?: boolean; parse?: (value: string) => string } = {},
  ...fallback: Default<Secret>
): Setting<Secret> {
  return {
    ...setting(variable, (value) => new Secret(parse(value)), ...fallback),
    file: fileInProduction ? 'in production' : 'anywhere',
  };
}

/** What lies in the file that `<variable>_FILE` names; outside production the variable may hold it. `parse` throws with what was expected, and never with the text. */
export function fromFile<T>(variable: string, parse: (text: string) => T): Setting<T> {
  return { ...setting(variable, parse), file: 'in production' };
}

export function list(
  variable: string,
  ...fallback: Default<readonly string[]>
): Setting<readonly string[]> {
  return setting<readonly string[]>(
    variable,
    (value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ...fallback,
  );
}

/** One of these words. */
export function choice<W extends string>(
  variable: string,
  words: readonly W[],
  ...fallback: Default<W>
): Setting<W> {
  return setting<W>(
    variable,
    (value) => {
      const word = words.find((one) => one === value);
      if (word === undefined) throw new Error(`must be ${words.join(' or ')}`);
      return word;
    },
    ...fallback,
  );
}

/** A whole number; the variable's name carries the unit. */
export function whole(variable: string, ...fallback: Default<number>): Setting<number> {
  return setting(variable, readWhole, ...fallback);
}

export function wholeOrNull(variable: string): Setting<number | null> {
  return setting<number | null>(variable, readWhole, null);
}

/** A whole number that is not too low; `because` says what would go wrong. */
export function atLeast(
  variable: string,
  lowest: number,
  because: string,
  fallback: number,
): Setting<number> {
  return setting(
    variable,
    (value) => {
      const number = readWhole(value);
      if (number < lowest) throw new Error(`must be at least ${lowest}: ${because}`);
      return number;
    },
    fallback,
  );
}

export function flag(variable: string, ...fallback: Default<boolean>): Setting<boolean> {
  return setting(
    variable,
    (value) => {
      if (value !== 'true' && value !== 'false') throw new Error('must be true or false');
      return value === 'true';
    },
    ...fallback,
  );
}

export function url(variable: string, ...fallback: Default<string>): Setting<string> {
  return setting(
    variable,
    (value) => {
      if (!URL.canParse(value)) throw new Error('must be a URL');
      return value.replace(/\/$/, '');
    },
    ...fallback,
  );
}

export function json<T>(
  variable: string,
  check: (value: unknown) => T,
  ...fallback: Default<T>
): Setting<T> {
  return setting(variable, (value) => check(JSON.parse(value)), ...fallback);
}

function readWhole(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new Error('must be a whole number');
  return Number(value);
}
