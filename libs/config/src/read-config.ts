import { customCleanEnv, EnvMissingError } from 'envalid';
import type { Setting } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type Schema = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a whole configuration once, into a frozen object. Throws one ConfigError that names every fault together. */
export function readConfig<S extends Schema>(env: Environment, schema: S): ConfigOf<S> {
  const settings = Object.entries(schema);
  const given = settings.map(([field, { variable }]) => [field, env[variable] || undefined]);
  const specs = settings.map(([field, { spec }]) => [field, spec]);
  return customCleanEnv(
    Object.fromEntries(given),
    Object.fromEntries(specs) as Record<string, unknown>,
    (values: object) => values as ConfigOf<S>,
    { reporter: ({ errors }) => refuse(schema, errors) },
  );
}

function refuse(schema: Schema, errors: Readonly<Record<string, Error | undefined>>): void {
  const faults = Object.entries(errors).map(([field, error]) => {
    const fault = error instanceof EnvMissingError ? 'is missing' : error?.message;
    return `${schema[field]?.variable} ${fault}`;
  });
  if (faults.length > 0) throw new ConfigError(`configuration: ${faults.join('; ')}`);
}
