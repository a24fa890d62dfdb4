import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { CLIENTS } from './clients.js';
import { PAGE, folderOf, pageRows, sourceOf } from './page.js';

const clientOf = (row: { language: string; library: string }) =>
  CLIENTS.find(({ language, library }) => language === row.language && library === row.library);

describe('the page of client libraries', () => {
  it('has each library that is run, at the version that is run, and no other', () => {
    expect(
      pageRows().map(({ language, library, version }) => [language, library, version]),
    ).toEqual(CLIENTS.map(({ language, library, version }) => [language, library, version]));
  });

  it.each(pageRows())('shows for $library ($language) the line that its program has', (row) => {
    const client = clientOf(row);

    expect(
      client &&
        sourceOf(client)
          .split('\n')
          .map((line) => line.trim()),
    ).toContain(row.line);
  });

  it('says of each library that its last run passed, at every venue', () => {
    const [, lastRun = ''] = readFileSync(PAGE, 'utf8').split('## The last run');
    const runs = CLIENTS.flatMap(({ language, library, version, venues }) =>
      venues.map((venue) => `${language} ${library} ${version} ${venue}: ok`),
    );

    expect(lastRun.split('\n').filter((line) => line.endsWith(': ok'))).toEqual(runs);
    expect(lastRun).toContain(`${runs.length} passed, 0 failed, 0 skipped`);
  });

  it('reads a table, and nothing else', () => {
    const page = '## Perl\n\n| Library | Version |\n|---|---|\n| `x` | 1.2 | all | `y(z)` |\n';

    expect(pageRows(page)).toEqual([
      { language: 'Perl', library: 'x', version: '1.2', line: 'y(z)' },
    ]);
  });
});

describe('the pins', () => {
  const pins: Readonly<Record<string, string>> = {
    Python: readFileSync(join(folderOf('Python'), 'requirements.txt'), 'utf8'),
    Go: readFileSync(join(folderOf('Go'), 'go.mod'), 'utf8'),
    Java: readFileSync(join(folderOf('Java'), 'pom.xml'), 'utf8').replace(/\s+/g, ''),
    JavaScript: readFileSync(join(workspaceRoot(), 'package.json'), 'utf8'),
  };
  const written = ({ language, library, version }: (typeof CLIENTS)[number]): string => {
    switch (language) {
      case 'Python':
        return version;
      case 'Go':
        return `${library} ${version}`;
      case 'Java':
        return `<artifactId>${library.split(':')[1]}</artifactId><version>${version}</version>`;
      case 'JavaScript':
        return `"${library}": "${version}"`;
    }
  };

  it.each(CLIENTS)('install $library ($language) at the version of the page', (client) => {
    expect(pins[client.language]).toContain(written(client));
  });
});
