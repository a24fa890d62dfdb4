import { newestVersion, shownVersion } from './shown-version.js';

const VERSIONS = [
  { version: 3, state: 'coming' },
  { version: 2, state: 'in_force' },
  { version: 1, state: 'replaced' },
];

describe('the shown version', () => {
  it('is the one in force, or the named one', () => {
    expect(shownVersion(VERSIONS, undefined)?.version).toBe(2);
    expect(shownVersion(VERSIONS, '3')?.version).toBe(3);
    expect(shownVersion(VERSIONS, '9')).toBeNull();
  });

  it('is followed by the next one after the newest, also if that one still waits', () => {
    expect(newestVersion(VERSIONS)).toBe(3);
    expect(newestVersion([])).toBe(0);
  });
});
