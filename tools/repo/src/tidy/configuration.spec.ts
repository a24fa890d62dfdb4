import { filesLike, read } from './repository.js';

const DOCUMENT = 'docs/configuration.md';
const DOCUMENTS = filesLike(/^(docs|tools)\/.*\.md$/);
const READERS = filesLike(/^(apps|libs|tools)\/.*\/(?:config|[a-z]+-settings)\.ts$/);
/** Conventions of terminals, and the release that images set: no settings of an installation. */
const NO_SETTINGS = ['NO_COLOR', 'TERM', 'SLUICE_VERSION'];
/** Most rows of settings. A further row replaces another one, or becomes a constant. */
const MOST_ROWS = 80;
const VARIABLE =
  /(?:\b(?:text|word|keyList|secretFile|pemFile|fromFile|textOrFile|token|key|list|brokers|port|positive|whole|wholeOrNull|atLeast|choice|flag|url|databaseUrl|venueUrl|json|setting)(?:<[^>]*>)?\(\s*|\benv\[)'([A-Z][A-Z0-9_]+)'/g;

describe('configuration', () => {
  it('finds the variables that files of settings read', () => {
    expect(variables(/./)).toEqual(
      expect.arrayContaining(['PORT', 'DATABASE_URL', 'KAFKA_BROKERS', 'SECRETS_KEK']),
    );
  });

  it(`documents every variable in ${DOCUMENT}, and variables of tools there or beside the tool`, () => {
    const ofSystem = variables(/^(apps|libs)\//).filter((name) => !isDocumented(name, [DOCUMENT]));
    const ofTools = variables(/^tools\//).filter((name) => !isDocumented(name, DOCUMENTS));

    expect([...ofSystem, ...ofTools]).toEqual([]);
  });

  it(`documents at most ${MOST_ROWS} settings, with one row for a family`, () => {
    const [, tables = ''] = read(DOCUMENT).split('\n## Every service\n');
    const rows = tables.split('\n').filter((line) => /^\| `[<A-Z]/.test(line));

    expect(rows.length).toBeGreaterThan(MOST_ROWS / 2);
    expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  });
});

function isDocumented(variable: string, documents: readonly string[]): boolean {
  // variables with equal meaning at each venue have one row
  const family = variable.replace(
    /^[A-Z]+_((?:BASE_URL)|(?:AUDIT_)?API_(?:KEY|SECRET))$/,
    '<VENUE>_$1',
  );
  const named = new RegExp(`\`(?:${variable}|${family})\\b`);
  return documents.some((file) => named.test(read(file)));
}

function variables(readers: RegExp): readonly string[] {
  const found = READERS.filter((file) => readers.test(file)).flatMap((file) =>
    [...read(file).matchAll(VARIABLE)].map(([, variable]) => variable ?? ''),
  );
  return [...new Set(found)].filter((variable) => !NO_SETTINGS.includes(variable)).sort();
}
