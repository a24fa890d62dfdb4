import type { Environment } from './read-config.js';
import { isProduction } from './secret-source.js';
import { setting, type Setting } from './settings.js';

/** Values of a process under test, as JSON by the names of the constants. */
const TEST_VALUES = 'SLUICE_TEST_VALUES';

/** A value equal in every installation; only a process under test has another one. */
export function constant(value: number): Setting<number>;
export function constant<Word extends string>(value: Word): Setting<Word>;
export function constant<T extends number | string>(value: T): Setting<T> {
  const parse = (text: string): T => (typeof value === 'number' ? Number(text) : text) as T;
  return { ...setting<T>(TEST_VALUES, parse, value), isConstant: true };
}

/** Returns the text of a constant for a process under test; undefined for the constant itself. */
export function testValueOf(field: string, env: Environment): string | undefined {
  const text = env[TEST_VALUES];
  if (!text || isProduction(env)) return undefined;
  const values = JSON.parse(text) as Readonly<Record<string, number | string>>;
  return values[field]?.toString();
}

/** Refuses values of tests in production: a shorter time could pay a late payment twice. */
export function testValuesInProduction(env: Environment): readonly string[] {
  return env[TEST_VALUES] && isProduction(env)
    ? [`${TEST_VALUES} is for tests, and refused in production`]
    : [];
}

/** Returns the environment in which a process under test has these values as constants. */
export function testValues(
  values: Readonly<Record<string, number | string>>,
): Record<string, string> {
  return { [TEST_VALUES]: JSON.stringify(values) };
}
