/**
 * Former private vocabulary of this code base, each word with the field's term. No name of a file,
 * type, function, variable or field contains these words. CONTRIBUTING has the glossary.
 */
export const OLD_WORDS: Readonly<Record<string, string>> = {
  cashier: 'demo driver',
  course: 'status script',
  courses: 'status scripts',
  door: 'admin API, controller or client',
  doors: 'admin API, controllers or clients',
  doomed: 'killed',
  farewell: 'archive',
  hear: 'apply, receive',
  heard: 'received',
  hearing: 'evidence',
  hears: 'applies, receives',
  hopeless: 'non-retryable',
  knock: 'signed attempt',
  knocks: 'signed attempts',
  mischief: 'fault',
  news: 'inbound event, change',
  park: 'dead-letter',
  parked: 'dead letter',
  parted: 'partitioned',
  room: 'limit, capacity',
  stray: 'outlier',
  strays: 'outliers',
  surroundings: 'environment',
  told: 'published, reported, notified',
  whereabouts: 'endpoints',
};

/** Splits a name in camel case, Pascal case or snake case into lower-case words. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}
