import { base58, base58xrp, base64, base64url, bech32, bech32m, hex } from '@scure/base';
import fc from 'fast-check';
import {
  ADDRESS_FAMILIES,
  type AddressFamily,
  base58check,
  canonicalIn,
  checksummedHex,
  crc16,
} from './address-families.js';
import { isLostIn } from './lost-addresses.js';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const checked = (version: number, hash: Uint8Array) =>
  base58check.encode(Uint8Array.of(version, ...hash));
const friendly = (flags: number, chain: number, account: Uint8Array) => {
  const content = Uint8Array.of(flags, chain, ...account);
  return Uint8Array.of(...content, crc16(content) >> 8, crc16(content) & 0xff);
};

/** All spellings of one account that a request may use. */
const SPELLINGS: Readonly<Record<AddressFamily, fc.Arbitrary<readonly string[]>>> = {
  evm: bytes(20).map((account) => {
    const lower = `0x${hex.encode(account)}`;
    return [lower, `0x${lower.slice(2).toUpperCase()}`, checksummedHex(lower)];
  }),
  tron: bytes(20).map((account) => [checked(0x41, account)]),
  bitcoin: fc.oneof(
    bytes(20).map((hash) => [checked(0x00, hash)]),
    bytes(20).map((hash) => [checked(0x05, hash)]),
    fc
      .constantFrom(20, 32)
      .chain(bytes)
      .map((program) => inBothCases('bc', 0, program)),
    bytes(32).map((program) => inBothCases('bc', 1, program)),
  ),
  litecoin: fc.oneof(
    bytes(20).map((hash) => [checked(0x30, hash)]),
    bytes(20).map((hash) => [checked(0x05, hash), checked(0x32, hash)]),
    bytes(20).map((program) => inBothCases('ltc', 0, program)),
  ),
  dogecoin: bytes(20).map((hash) => [checked(0x1e, hash)]),
  xrp: bytes(20).map((account) => [base58xrp.encode(base58.decode(checked(0, account)))]),
  stellar: fc.constant(['GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ']),
  ton: fc
    .tuple(fc.constantFrom(0, 0xff), bytes(32))
    .map(([chain, account]) => [
      `${chain === 0 ? '0' : '-1'}:${hex.encode(account)}`,
      `${chain === 0 ? '0' : '-1'}:${hex.encode(account).toUpperCase()}`,
      base64.encode(friendly(0x11, chain, account)),
      base64url.encode(friendly(0x11, chain, account)),
      base64.encode(friendly(0x51, chain, account)),
      base64url.encode(friendly(0x51, chain, account)),
    ]),
  solana: bytes(32).map((key) => [base58.encode(key)]),
  cosmos: bytes(20).map((account) => {
    const lower = bech32.encode('cosmos', bech32.toWords(account));
    return [lower, lower.toUpperCase()];
  }),
  bank: fc.constant([]),
  other: fc.stringMatching(/^[a-zA-Z0-9:._-]{1,80}$/).map((text) => [text]),
};

function inBothCases(prefix: string, version: number, program: Uint8Array): readonly string[] {
  const code = version === 0 ? bech32 : bech32m;
  const lower = code.encode(prefix, [version, ...code.toWords(program)]);
  return [lower, lower.toUpperCase()];
}

describe('canonicalIn', () => {
  it.each(ADDRESS_FAMILIES)(
    '%s: each spelling of an account has one form, which is kept',
    (family) =>
      fc.assert(
        fc.property(SPELLINGS[family], (spellings) => {
          const forms = spellings.map((one) => canonicalIn(family, one));
          const [first] = forms;
          for (const form of forms) expect(form).toEqual(first);
          if (first?.ok) expect(canonicalIn(family, first.value)).toEqual(first);
          expect(forms.every(({ ok }) => ok)).toBe(true);
        }),
        { numRuns: 50 },
      ),
  );

  it.each([
    ['stellar', 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ'],
    ['xrp', 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh'],
    ['dogecoin', 'DLtZq4u8hytAKT5VYTHaYLPLov4xMPpC8j'],
    ['litecoin', 'LayRZ2GKVEDw3Fb3z1HKGbHW8zhwByRrDA'],
    ['solana', '7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For4BmE'],
    ['cosmos', 'cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh'],
  ] as const)('%s: %s is canonical', (family, address) =>
    expect(canonicalIn(family, address)).toEqual({ ok: true, value: address }),
  );

  it.each([
    [
      'ton',
      'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N',
      'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI',
    ],
    [
      'ton',
      '0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8',
      'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI',
    ],
    [
      'evm',
      '0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED',
      '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    ],
    ['bitcoin', 'BC1SW50QGDZ25J', 'bc1sw50qgdz25j'],
  ] as const)('%s: %s is written %s', (family, text, canonical) =>
    expect(canonicalIn(family, text)).toEqual({ ok: true, value: canonical }),
  );

  it.each([
    ['xrp', 'X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ', /classic address/],
    ['xrp', 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLH', /format/],
    ['stellar', 'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK', /muxed/],
    ['stellar', 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGA', /format/],
    ['ton', 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2M', /format/],
    ['ton', 'kQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqKaH', /test network|format/],
    ['solana', '7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For', /format/],
    ['evm', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', /format/],
    ['cosmos', 'osmo1fl48vsnmsdzcv85q5d2q4z5ajdha8yu3aq6l09', /format/],
    ['other', 'two words', /blank/],
    ['other', '', /blank/],
  ] as const)('%s: refuses %s', (family, text, reason) => {
    const result = canonicalIn(family, text);
    expect(result.ok ? '' : result.refusal).toMatch(reason);
  });
});

describe('isLostIn', () => {
  it.each([
    ['evm', `0x${'0'.repeat(40)}`],
    ['tron', 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb'],
    ['bitcoin', '1111111111111111111114oLvT2'],
    ['bitcoin', '31h1vYVSYuKP6AhS86fbRdMw9XHieotbST'],
    ['xrp', 'rrrrrrrrrrrrrrrrrrrrrhoLvTp'],
    ['xrp', 'rrrrrrrrrrrrrrrrrrrrBZbvji'],
    ['solana', '11111111111111111111111111111111'],
    ['solana', '1nc1nerator11111111111111111111111111111111'],
    ['ton', `0:${'0'.repeat(64)}`],
  ] as const)('%s: nobody has the key of %s', (family, text) => {
    expect(isLostIn(family, text)).toBe(true);
  });
});
