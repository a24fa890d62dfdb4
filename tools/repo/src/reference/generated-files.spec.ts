import { adminFiles } from './admin-files.js';
import { CLIENT_TYPES, clientTypes, type TypedDocument } from './client-types.js';
import { eventFiles } from './generated-files.js';
import { EVENTS, filesIn, OPEN_API, read, readJson } from './repository.js';

const FILES = eventFiles();

const ADMIN = adminFiles();

describe('what is written of the admin API', () => {
  it.each([...ADMIN.keys()])(
    '%s is as the controllers say: `npm run reference` writes it',
    (file) => {
      expect(read(file)).toBe(ADMIN.get(file));
    },
  );
});

describe('the types of the public client', () => {
  it('are as the published document says: `npm run reference` writes them', () => {
    expect(read(CLIENT_TYPES)).toBe(clientTypes(readJson<TypedDocument>(OPEN_API)));
  });
});

describe('what is published of the messages', () => {
  it.each([...FILES.keys()])('%s is as the code says: `npm run reference` writes it', (file) => {
    expect(read(file)).toBe(FILES.get(file));
  });

  it('is all that lies in docs/events', () => {
    expect(filesIn(EVENTS).map((name) => `${EVENTS}/${name}`)).toEqual([...FILES.keys()].sort());
  });
});
