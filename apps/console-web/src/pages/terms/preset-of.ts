/** First values of a form from the newest version: texts as they are, null as an empty text. */
export function presetOf(version: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(version).flatMap(([name, value]: [string, unknown]) =>
      WHEN.includes(name) || (typeof value === 'object' && value !== null)
        ? []
        : [[name, value === null ? '' : `${value as string | number | boolean}`]],
    ),
  );
}

/** Times of the newest version, which the next one does not take over. */
const WHEN = ['effective_at', 'recorded_at'];
