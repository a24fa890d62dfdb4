import { makeExactValidator, type ValidatorSpec } from 'envalid';
import { Secret } from './secret.js';

/** How one environment variable becomes one field of the configuration. */
export interface Setting<T> {
  readonly variable: string;
  readonly spec: ValidatorSpec<T>;
  /** A secret that may lie in the file that `<variable>_FILE` names, or in production has to. */
  readonly file?: 'anywhere' | 'in production';
  /** What production refuses of a text that is otherwise good. */
  readonly inProduction?: (text: string) => string | undefined;
}

interface SecretFileOptions {
  /** The plain variable is refused in production. */
  readonly fileInProduction?: boolean;
  readonly parse?: (value: string) => string;
  readonly inProduction?: (text: string) => string | undefined;
}

export type Default<T> = [] | [T];

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

/** A secret from the file that `<variable>_FILE` names, or from the variable. `parse` throws with what was expected, and never with the value. */
export function secretFile(
  variable: string,
  { fileInProduction = false, parse = (value) => value, inProduction }: SecretFileOptions = {},
  ...fallback: Default<Secret>
): Setting<Secret> {
  return {
    ...setting(variable, (value) => new Secret(parse(value)), ...fallback),
    file: fileInProduction ? 'in production' : 'anywhere',
    ...(inProduction && { inProduction }),
  };
}

/** What lies in the file that `<variable>_FILE` names; outside production the variable may hold it. `parse` throws with what was expected, and never with the text. */
export function fromFile<T>(
  variable: string,
  parse: (text: string) => T,
  ...fallback: Default<T>
): Setting<T> {
  return { ...setting(variable, parse, ...fallback), file: 'in production' };
}

/** A secret that we make ourselves, from a file; in production none that could be guessed. */
export function token(variable: string, ...fallback: Default<Secret>): Setting<Secret> {
  const inProduction = (text: string): string | undefined =>
    text.length >= 32 && new Set(text).size >= 10
      ? undefined
      : 'must be 32 characters or more in production, and random: openssl rand -hex 32';
  return secretFile(variable, { fileInProduction: true, inProduction }, ...fallback);
}

/** A key of 32 bytes in base64, from a file; in production none that could be guessed. */
export function key(variable: string): Setting<Secret> {
  return secretFile(variable, {
    fileInProduction: true,
    parse: (value) => {
      const bytes = Buffer.from(value, 'base64');
      if (bytes.length !== 32 || bytes.toString('base64') !== value)
        throw new Error('must be 32 bytes in base64');
      return value;
    },
    inProduction: (value) =>
      new Set(Buffer.from(value, 'base64')).size >= 16
        ? undefined
        : 'must be random in production: openssl rand -base64 32',
  });
}

/** `host:port,host:port`. */
export function brokers(variable: string): Setting<readonly string[]> {
  return setting(variable, readBrokers);
}

/** The same of a service that may do without: none. */
export function brokersOrNone(variable: string): Setting<readonly string[]> {
  return setting(variable, readBrokers, []);
}

function readBrokers(value: string): readonly string[] {
  const places = splitList(value);
  if (places.length === 0 || !places.every(isPlace)) throw new Error('must be host:port,host:port');
  return places;
}

export function list(
  variable: string,
  ...fallback: Default<readonly string[]>
): Setting<readonly string[]> {
  return setting<readonly string[]>(variable, splitList, ...fallback);
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

/** A number above zero: of an interval, a time-out, or how many at once. */
export function positive(variable: string, ...fallback: Default<number>): Setting<number> {
  return setting(
    variable,
    (value) => {
      const number = readWhole(value);
      if (number === 0) throw new Error('must be above zero');
      return number;
    },
    ...fallback,
  );
}

/** A port; 0 takes a free one and is for tests. */
export function port(variable: string): Setting<number> {
  return {
    ...setting(variable, (value) => {
      const number = readWhole(value);
      if (number > 65_535) throw new Error('must be a port, at most 65535');
      return number;
    }),
    inProduction: (value) =>
      Number(value) === 0 ? 'must be a fixed port in production' : undefined,
  };
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
  return setting(variable, readUrl, ...fallback);
}

export function json<T>(
  variable: string,
  check: (value: unknown) => T,
  ...fallback: Default<T>
): Setting<T> {
  return setting(variable, (value) => check(readJson(value)), ...fallback);
}

export function readUrl(value: string): string {
  if (!URL.canParse(value)) throw new Error('must be a URL');
  return value.replace(/\/$/, '');
}

/** Node's own sentence would quote the text, which may be about people. */
function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error('must be JSON');
  }
}

function splitList(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isPlace(place: string): boolean {
  const port = /^(?:[\w.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(place)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}

function readWhole(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new Error('must be a whole number');
  return Number(value);
}
