/** Fault of a value, or null. `at`: the path of the value. */
export type ValueCheck = (value: unknown, at: string) => string | null;

export const wholeNumber =
  (least: number, most: number): ValueCheck =>
  (value, at) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? null
      : `${at} has to be a whole number from ${least} to ${most}`;

export const oneOf =
  (...choices: readonly unknown[]): ValueCheck =>
  (value, at) =>
    choices.includes(value) ? null : `${at} has to be one of: ${choices.join(', ')}`;

export const textLike =
  (pattern: RegExp): ValueCheck =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value)
      ? null
      : `${at} has to be text like ${pattern.source}`;

export const listOf =
  (check: ValueCheck): ValueCheck =>
  (value, at) =>
    Array.isArray(value)
      ? firstFault(value.map((one, index) => check(one, `${at}[${index}]`)))
      : `${at} has to be a list`;

/** Accepts an object with only known fields, all optional. */
export const someOf =
  (fields: Readonly<Record<string, ValueCheck>>): ValueCheck =>
  (value, at) => {
    if (!isPlainObject(value)) return `${at} has to be an object`;
    const known = new Map(Object.entries(fields));
    const unknown = (key: string): string =>
      `${at} has no ${key}; known: ${[...known.keys()].join(', ')}`;
    return firstFault(
      Object.entries(value).map(([key, one]) => {
        const check = known.get(key);
        return check ? check(one, `${at}.${key}`) : unknown(key);
      }),
    );
  };

/** Accepts an object with exactly the given fields. */
export const allOf =
  (fields: Readonly<Record<string, ValueCheck>>): ValueCheck =>
  (value, at) =>
    someOf(fields)(value, at) ??
    firstFault(
      Object.keys(fields).map((key) =>
        key in (value as object) ? null : `${at}.${key} is missing`,
      ),
    );

export const mapOf =
  (key: RegExp, check: ValueCheck): ValueCheck =>
  (value, at) => {
    if (!isPlainObject(value)) return `${at} has to be an object`;
    return firstFault(
      Object.entries(value).map(([name, one]) =>
        key.test(name)
          ? check(one, `${at}.${name}`)
          : `${at} cannot have ${name}; names are like ${key.source}`,
      ),
    );
  };

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstFault(faults: readonly (string | null)[]): string | null {
  return faults.find((fault) => fault !== null) ?? null;
}
