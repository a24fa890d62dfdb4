import { filesLike, FILES, linesLike, read } from './repository.js';

const SPECS = filesLike(/\.spec\.ts$/);
const TEST = String.raw`\b(?:it|test|describe)`;

describe('tests', () => {
  it('are never switched off, focused or promised for later', () => {
    expect(
      linesLike(
        SPECS,
        new RegExp(
          `${TEST}(?:\\.each|\\.concurrent)?\\.(?:only|todo|failing)\\b|\\b[fx](?:it|describe)\\(`,
        ),
      ),
    ).toEqual([]);
  });

  it('are skipped only where recorded vectors, what renders the chart, the language of an example, PgBouncer, or a token of keys are not at hand', () => {
    const mayLack =
      /\.vectors\.spec\.ts$|\/chart\/(?:accounts|chart|chart-options|cluster-kinds|monitoring)\.int\.spec\.ts$|\/pooler\.int\.spec\.ts$|\/pkcs11-key-store\.int\.spec\.ts$|\/examples\/src\/(?:signing\.int|examples\.e2e)\.spec\.ts$/;
    const elsewhere = SPECS.filter((file) => !mayLack.test(file));

    expect(linesLike(elsewhere, new RegExp(`${TEST}(?:\\.each)?\\.skip\\b|\\bpending\\(`))).toEqual(
      [],
    );
  });

  it('mock none of our own code', () => {
    expect(
      linesLike(SPECS, /\bjest\.(?:un)?mock\(|\bjest\.unstable_mockModule\(|\bjest\.spyOn\(/),
    ).toEqual([]);
  });

  it('each assert something', () => {
    const idle = SPECS.filter(
      (file) =>
        !/\bexpect\w*\(|\bfc\.assert\(|\bdescribe(?:VenueAdapter|ConnectorInvariants|Restores|PutBackRows|WrongClocks|Ledger|Login|AccountRows|Kills|CalmBurst)\(/.test(
          read(file),
        ),
    );

    expect(idle).toEqual([]);
  });

  it('lie beside what they test, in src', () => {
    expect(
      FILES.filter(
        (file) =>
          /\.(spec|test)\.[cm]?[jt]sx?$/.test(file) &&
          !/^(apps|libs|tools)\/[^/]+\/src\/.*\.spec\.ts$/.test(file),
      ),
    ).toEqual([]);
  });
});
