import { filesOf, PROJECTS, read } from './repository.js';

const CONNECTORS = PROJECTS.filter(({ folder }) => folder.startsWith('apps/connector-'));

describe('connectors', () => {
  it('exist', () => expect(CONNECTORS.length).toBeGreaterThan(0));

  it.each(CONNECTORS)('$name documents every field, status and code in MAPPING.md', (connector) => {
    const [mapping] = filesOf(connector, /\/MAPPING\.md$/);

    expect(mapping).toBe(`${connector.folder}/MAPPING.md`);
    expect(read(`${connector.folder}/MAPPING.md`).split('\n').length).toBeGreaterThan(20);
  });

  it.each(CONNECTORS)('$name passes the suite that every venue adapter passes', (connector) => {
    const specs = filesOf(connector, /\.spec\.ts$/);

    expect(specs.filter((spec) => /\bdescribeVenueAdapter\(/.test(read(spec)))).not.toEqual([]);
  });
});
