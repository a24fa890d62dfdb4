import type { RecordCodec } from '@sluice/kafka';

/** A value that must not be printed: shows as `***` in logs, JSON and templates. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}

/** How one environment variable becomes one field of the configuration. */
export interface Setting<T> {
  readonly variable: string;
  readonly fallback?: T;
  /** Throws with what was expected. */
  parse(text: string): T;
}

type Schema = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a whole configuration once, into a frozen object. Throws one ConfigError that names every fault together. */
export function readConfig<S extends Schema>(
  env: Readonly<Record<string, string | undefined>>,
  schema: S,
): ConfigOf<S> {
  const faults: string[] = [];
  const values = Object.entries(schema).map(([field, setting]) => {
    const text = env[setting.variable];
    if (text === undefined || text === '') {
      if (!('fallback' in setting)) faults.push(`${setting.variable} is missing`);
      return [field, setting.fallback];
    }
    try {
      return [field, setting.parse(text)];
    } catch (error) {
      faults.push(`${setting.variable} ${(error as Error).message}`);
      return [field, undefined];
    }
  });
  if (faults.length > 0) throw new ConfigError(`configuration: ${faults.join('; ')}`);
  return Object.freeze(Object.fromEntries(values)) as ConfigOf<S>;
}

function setting<T>(variable: string, parse: (text: string) => T, fallback: [] | [T]): Setting<T> {
  return fallback.length === 1 ? { variable, parse, fallback: fallback[0] } : { variable, parse };
}

export function text(variable: string, ...fallback: [] | [string]): Setting<string> {
  return setting(variable, (value) => value, fallback);
}

export function secret(variable: string, ...fallback: [] | [Secret]): Setting<Secret> {
  return setting(variable, (value) => new Secret(value), fallback);
}

export function list(
  variable: string,
  ...fallback: [] | [readonly string[]]
): Setting<readonly string[]> {
  return setting<readonly string[]>(
    variable,
    (value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    fallback,
  );
}

/** A whole number; the variable's name carries the unit. */
export function whole(variable: string, ...fallback: [] | [number]): Setting<number> {
  return setting(
    variable,
    (value) => {
      if (!/^\d{1,15}$/.test(value)) throw new Error('must be a whole number');
      return Number(value);
    },
    fallback,
  );
}

/** A whole number that is not too low; `because` says what would go wrong. */
export function atLeast(
  variable: string,
  lowest: number,
  because: string,
  fallback: number,
): Setting<number> {
  const { parse, ...rest } = whole(variable, fallback);
  return {
    ...rest,
    parse: (value) => {
      const number = parse(value);
      if (number < lowest) throw new Error(`must be at least ${lowest}: ${because}`);
      return number;
    },
  };
}

/** One of these words. */
export function choice<W extends string>(
  variable: string,
  words: readonly W[],
  ...fallback: [] | [W]
): Setting<W> {
  return setting<W>(
    variable,
    (value) => {
      const word = words.find((one) => one === value);
      if (word === undefined) throw new Error(`must be ${words.join(' or ')}`);
      return word;
    },
    fallback,
  );
}

export function url(variable: string, ...fallback: [] | [string]): Setting<string> {
  return setting(
    variable,
    (value) => {
      if (!URL.canParse(value)) throw new Error('must be a URL');
      return value.replace(/\/$/, '');
    },
    fallback,
  );
}

export function json<T>(
  variable: string,
  check: (value: unknown) => T,
  ...fallback: [] | [T]
): Setting<T> {
  return setting(variable, (value) => check(JSON.parse(value)), fallback);
}

/** What every service needs; spread into its own schema. */
export const SERVICE_SETTINGS = {
  host: text('HOST', '127.0.0.1'),
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
  kafkaSessionMs: whole('KAFKA_SESSION_MS', 6_000),
  recordCodec: choice<RecordCodec>('KAFKA_RECORD_CODEC', ['ours', 'kafkajs'], 'ours'),
  databaseUrl: secret('DATABASE_URL'),
  internalToken: secret('INTERNAL_TOKEN'),
  logLevel: text('LOG_LEVEL', 'info'),
  retentionDays: atLeast(
    'RETENTION_DAYS',
    30,
    'a row must outlive its messages, the watch over its payment and any backup that may be restored',
    400,
  ),
} as const satisfies Schema;

export type ServiceConfig = ConfigOf<typeof SERVICE_SETTINGS>;
