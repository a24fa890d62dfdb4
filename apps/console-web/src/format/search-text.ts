/** Search parameters of the console: names with texts. Repeated names are joined by commas. */
export type SearchText = Readonly<Record<string, string | undefined>>;

/** Parses a query. No value becomes a number: an amount or an id keeps each digit. */
export function parseSearchText(query: string): SearchText {
  const search: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    search[name] = search[name] === undefined ? value : `${search[name]},${value}`;
  return search;
}

/** Writes a query with its `?`; empty and missing values are left out. */
export function writeSearchText(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
