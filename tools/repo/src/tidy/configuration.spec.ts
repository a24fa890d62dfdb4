import { filesLike, FILES, read } from './repository.js';

const DOCUMENT = 'docs/configuration.md';
const READERS = filesLike(/^(apps|libs|tools)\/.*\/(?:config|[a-z]+-settings)\.ts$/);
/** Conventions of terminals, not settings of ours. */
const TERMINAL = ['NO_COLOR', 'TERM'];
const VARIABLE =
  /(?:\b(?:text|secretFile|pemFile|fromFile|textOrFile|token|key|list|brokers|port|positive|whole|wholeOrNull|atLeast|choice|flag|url|databaseUrl|venueUrl|json|setting)(?:<[^>]*>)?\(\s*|\benv\[)'([A-Z][A-Z0-9_]+)'/g;

describe('configuration', () => {
  it('finds the variables that files of settings read', () => {
    expect(variables()).toEqual(
      expect.arrayContaining(['PORT', 'DATABASE_URL', 'KAFKA_BROKERS', 'SECRETS_KEK']),
    );
  });

  it(`documents every variable in ${DOCUMENT}`, () => {
    const documented = FILES.includes(DOCUMENT) ? read(DOCUMENT) : '';
    const missing = variables().filter(
      (variable) => !new RegExp(`\`${variable}\\b`).test(documented),
    );

    expect(missing).toEqual([]);
  });
});

function variables(): readonly string[] {
  const found = READERS.flatMap((file) =>
    [...read(file).matchAll(VARIABLE)].map(([, variable]) => variable ?? ''),
  );
  return [...new Set(found)].filter((variable) => !TERMINAL.includes(variable)).sort();
}
