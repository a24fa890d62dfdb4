/** As the driver takes a statement that the server is to keep: parsed and planned once for each connection instead of each time. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/** Statements are constants of the code, so there are no more of them than it has; values are parameters. */
export function prepared(text: string, values: readonly unknown[]): Prepared {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `s${names.size}`));
  return { name, text, values: [...values] };
}
