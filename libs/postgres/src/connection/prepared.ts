/**
 * Prepared statement for the driver: parsed and planned once per connection instead of on each
 * call.
 */
interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/**
 * Returns a statement with a name unique per text. Statements are constants in the code and limited
 * in number; values are parameters.
 */
export function prepared(text: string, values: readonly unknown[]): Prepared {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `s${names.size}`));
  return { name, text, values: [...values] };
}
