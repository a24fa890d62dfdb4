import { customCleanEnv, EnvMissingError } from 'envalid';
import { testValueOf, testValuesInProduction } from './constant.js';
import { isProduction, sourceOf } from './secret-source.js';
import { setting, type Setting } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type SettingsSchema = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends SettingsSchema> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export interface RuleInput<C> {
  readonly config: Partial<C>;
  readonly env: Environment;
  readonly variables: readonly string[];
}

/** Rejects inconsistent settings: returns a message for each fault. */
export type ConfigRule<C> = (given: RuleInput<C>) => readonly string[];

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a configuration once, frozen. Throws one ConfigError with every fault. */
export function readConfig<S extends SettingsSchema>(
  env: Environment,
  schema: S,
  rules: readonly ConfigRule<ConfigOf<S>>[] = [],
): ConfigOf<S> {
  const given: Record<string, string | undefined> = {};
  const specs: Record<string, unknown> = {};
  for (const [field, one] of Object.entries(schema)) {
    const source = one.isConstant ? { text: testValueOf(field, env) } : sourceOf(one, env);
    given[field] = 'text' in source ? source.text : source.fault;
    specs[field] = 'text' in source ? one.spec : setting(one.variable, refused).spec;
  }
  return customCleanEnv(given, specs, (values: object) => values as ConfigOf<S>, {
    reporter: ({ errors, env: config }) => {
      const variables = Object.values(schema).map(({ variable }) => variable);
      refuse([
        ...testValuesInProduction(env),
        ...Object.entries(schema).flatMap(([field, one]) => {
          const fault =
            faultOf(errors[field]) ??
            (isProduction(env) ? productionFault(one, given[field]) : undefined);
          return fault === undefined ? [] : [`${one.variable} ${fault}`];
        }),
        ...rules.flatMap((rule) =>
          rule({ config: config as Partial<ConfigOf<S>>, env, variables }),
        ),
      ]);
    },
  });
}

function refused(fault: string): never {
  throw new Error(fault);
}

function faultOf(error: Error | undefined): string | undefined {
  return error instanceof EnvMissingError ? 'is missing' : error?.message;
}

function productionFault(
  { inProduction }: Setting<unknown>,
  text: string | undefined,
): string | undefined {
  return text === undefined ? undefined : inProduction?.(text);
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ConfigError(`configuration: ${faults.join('; ')}`);
}
