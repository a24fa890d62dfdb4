import { customCleanEnv, EnvMissingError } from 'envalid';
import { sourceOf } from './secret-source.js';
import { setting, type Setting } from './settings.js';

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
  const given: Record<string, string | undefined> = {};
  const specs: Record<string, unknown> = {};
  for (const [field, one] of Object.entries(schema)) {
    const source = sourceOf(one, env);
    given[field] = 'text' in source ? source.text : source.fault;
    specs[field] = 'text' in source ? one.spec : setting(one.variable, refused).spec;
  }
  return customCleanEnv(given, specs, (values: object) => values as ConfigOf<S>, {
    reporter: ({ errors }) => refuse(schema, errors),
  });
}

function refused(fault: string): never {
  throw new Error(fault);
}

function refuse(schema: Schema, errors: Readonly<Record<string, Error | undefined>>): void {
  const faults = Object.entries(errors).map(([field, error]) => {
    const fault = error instanceof EnvMissingError ? 'is missing' : error?.message;
    return `${schema[field]?.variable} ${fault}`;
  });
  if (faults.length > 0) throw new ConfigError(`configuration: ${faults.join('; ')}`);
}
