import type { Destination } from '@sluice/kernel';
import {
  bodyOf,
  readBody,
  readVenueReference,
  recipientOf,
  venueReferenceOf,
} from './wanted-transfer.js';

const REQUEST = {
  network: 'ETH',
  from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  nonce: 17n,
  hash: `0x${'1'.repeat(64)}`,
  raw: '0x02f86c',
} as const;

describe('a stored request', () => {
  it('is read as it was written', () => {
    expect(readBody({ body: bodyOf(REQUEST) })).toEqual(REQUEST);
  });

  it.each(['{}', '[]', '7', JSON.stringify({ ...REQUEST, nonce: '17', raw: '0x01' })])(
    '%s is no transfer and must not be sent',
    (body) => expect(() => readBody({ body })).toThrow('must not be sent'),
  );

  it('is known to the outside by its nonce, whatever replaces it', () => {
    const reference = venueReferenceOf(REQUEST);

    expect(reference).toBe(`ETH:${REQUEST.from}:17`);
    const { network, from, nonce } = REQUEST;
    expect(readVenueReference(reference)).toEqual({ network, from, nonce });
    expect(readVenueReference('w17')).toBeNull();
  });
});

const TOKEN = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const OURS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const SOMEBODY = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const CHAIN = {
  tokens: [{ currency: 'USDT', address: TOKEN, decimals: 6 }],
  wallets: [{ address: OURS, purpose: 'hot' }],
} as const;

const to = (address: string, memo?: string): Destination => ({
  type: 'address',
  address,
  ...(memo !== undefined && { memo }),
});

describe('the recipient of a transfer', () => {
  it.each([SOMEBODY, SOMEBODY.toLowerCase()])('may be %s', (address) => {
    expect(recipientOf(to(address), CHAIN)).toEqual({ ok: true, value: SOMEBODY });
  });

  it.each([
    [
      'another kind of destination',
      { type: 'venue_account', kind: 'uid', value: '7' },
      'addresses only',
    ],
    ['a memo', to(SOMEBODY, '7'), 'no memo'],
    ['a wrong checksum', to(SOMEBODY.replace('C51', 'c51')), 'checksum'],
    ['no hex', to('bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh'), 'no address'],
    ['the zero address', to(`0x${'0'.repeat(40)}`), 'zero address'],
    ['a token', to(TOKEN), 'contract of a token'],
    ['our own', to(OURS.toLowerCase()), 'our own'],
  ] as const)('is never %s', (_name, destination, message) => {
    expect(recipientOf(destination, CHAIN)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining(message) as string },
    });
  });
});
