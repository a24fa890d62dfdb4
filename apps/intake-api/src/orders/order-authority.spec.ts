import fc from 'fast-check';
import { Secret } from '@sluice/runtime';
import { VenueReferences } from './order-authority.js';

const key = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'));
const kek = (byte: number, ...others: Secret[]) => ({
  secretsKeks: [key(byte), ...others] as const,
  venueReferencesKey: new Secret(''),
});
const references = new VenueReferences(kek(7));
const asked = {
  id: '0193a000-0000-7000-8000-000000000001',
  accountId: 'a',
  referenceScope: 'ck_1',
  clientReference: 'order-1',
};

describe('VenueReferences', () => {
  it('lead the same reference of the same client to the same one, whatever id the withdrawal has got', () => {
    expect(references.of({ ...asked, id: 'another' })).toBe(references.of(asked));
    expect(new VenueReferences(kek(7)).of(asked)).toBe(references.of(asked));
  });

  it('are another for another account, key, reference or secret, and for each withdrawal of a client that gave none', () => {
    const all = [
      references.of(asked),
      references.of({ ...asked, accountId: 'b' }),
      references.of({ ...asked, referenceScope: 'ck_2' }),
      references.of({ ...asked, clientReference: 'order-2' }),
      references.of({ ...asked, accountId: 'a"', referenceScope: '"ck_1' }),
      new VenueReferences(kek(8)).of(asked),
      references.of({ ...asked, clientReference: null }),
      references.of({
        ...asked,
        clientReference: null,
        id: '0193a000-0000-7000-8000-000000000002',
      }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('fit the narrowest venue and say by their first letter what they come from', () =>
    fc.assert(
      fc.property(fc.option(fc.string({ minLength: 1 })), fc.uuid(), (clientReference, id) => {
        expect(references.of({ ...asked, id, clientReference })).toMatch(
          clientReference === null ? /^w[0-9A-Za-z]{22}1$/ : /^c[0-9A-Za-z]{22}1$/,
        );
      }),
    ));

  it('stay what they are under another SECRETS_KEK with a key of their own', () => {
    const own = { ...kek(8), venueReferencesKey: key(7) };
    expect(new VenueReferences(own).of(asked)).toBe(references.of(asked));
  });

  it('stay what they are while a second SECRETS_KEK only opens', () => {
    expect(new VenueReferences(kek(7, key(8))).of(asked)).toBe(references.of(asked));
  });

  it('stay what they are', () => {
    expect(references.of(asked)).toBe('c47SjSjYYTOU1xBnJciBldY1');
  });
});
