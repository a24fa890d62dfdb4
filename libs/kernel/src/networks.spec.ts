import { destinationKey } from './destination.js';
import { canonicalAddress, compareAddresses, memoFault, networkNamed } from './networks.js';

const EVM = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OTHER_EVM = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const TRON = 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t';
const BECH32 = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';
const SOL = '7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For4BmE';
const TON = 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N';

describe('canonicalAddress', () => {
  it('reads an EVM address on a network of an operator, and any other text as it is', () => {
    expect(canonicalAddress('MYCHAIN', EVM)).toEqual({ ok: true, value: EVM.toLowerCase() });
    expect(canonicalAddress('MYCHAIN', 'my1account')).toEqual({ ok: true, value: 'my1account' });
  });
});

describe('compareAddresses', () => {
  it.each([
    ['ETH', EVM, EVM.toLowerCase(), 'same'],
    ['ETH', EVM, EVM.slice(2).toUpperCase(), 'same'],
    ['ETH', EVM, '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'same'],
    ['ETH', EVM, OTHER_EVM, 'different'],
    ['ETH', EVM, OTHER_EVM.toLowerCase(), 'different'],
    ['ETH', EVM, '0x5aAe…eAed', 'cannot_tell'],
    ['ETH', EVM, '0x5aAe**eAed', 'cannot_tell'],
    ['ETH', EVM, EVM.slice(0, 20), 'cannot_tell'],
    ['ETH', EVM, '', 'cannot_tell'],
    ['ETH', EVM, TRON, 'cannot_tell'],
    ['TRX', TRON, '41a614f803b6fd780986a42c78ec9c7f77e6ded13c', 'same'],
    ['TRX', TRON, '0x41A614F803B6FD780986A42C78EC9C7F77E6DED13C', 'same'],
    ['TRX', TRON, 'TCpToMYMu1Xsvx2izvtEbMxfUpkHMm7B4n', 'different'],
    ['TRX', TRON, TRON.toLowerCase(), 'cannot_tell'],
    ['BTC', BECH32, BECH32.toUpperCase(), 'same'],
    ['BTC', BECH32.toUpperCase(), BECH32, 'same'],
    ['BTC', BECH32, '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'different'],
    ['BTC', BECH32, 'bc1qw508…8f3t4', 'cannot_tell'],
    ['TON', TON, '0:83DFD552E63729B472FCBCC8C45EBCC6691702558B68EC7527E1BA403A0F31A8', 'same'],
    ['SOL', SOL, SOL.toLowerCase(), 'cannot_tell'],
    ['SOL', SOL, SOL.slice(0, -1), 'cannot_tell'],
    [
      'XRP',
      'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh',
      'X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ',
      'cannot_tell',
    ],
    ['MYCHAIN', 'Abc', 'Abc', 'same'],
    ['MYCHAIN', 'Abc', 'abc', 'cannot_tell'],
    ['MYCHAIN', 'Abc', 'Xyz', 'cannot_tell'],
    ['MYCHAIN', EVM, EVM.toUpperCase(), 'same'],
    [null, EVM, OTHER_EVM, 'different'],
    [null, TRON, 'TCpToMYMu1Xsvx2izvtEbMxfUpkHMm7B4n', 'cannot_tell'],
  ] as const)('on %s, %s and %s: %s', (network, asked, recorded, result) =>
    expect(compareAddresses(network, asked, recorded)).toBe(result),
  );
});

describe('memoFault', () => {
  it.each([
    ['ETH', undefined],
    ['XRP', undefined],
    ['XRP', '0'],
    ['XRP', '4294967295'],
    ['XLM', 'x'.repeat(28)],
    ['XLM', '18446744073709551615'],
    ['XLM', 'ab'.repeat(32)],
    ['TON', 'invoice 7'],
    ['MYCHAIN', 'anything'],
  ])('on %s, %j is fine', (network, memo) => expect(memoFault(network, memo)).toBeNull());

  it.each([
    ['ETH', '1', /no memo/],
    ['TRX', '12345', /no memo/],
    ['BTC', 'x', /no memo/],
    ['SOL', 'x', /no memo/],
    ['XRP', '4294967296', /0 to 4294967295/],
    ['XRP', '007', /without leading zeros/],
    ['XRP', '-1', /whole number/],
    ['XRP', '1.0', /whole number/],
    ['XRP', '１', /whole number/],
    ['XLM', 'x'.repeat(29), /28 bytes/],
    ['XLM', 'ü'.repeat(15), /28 bytes/],
    ['XLM', '18446744073709551616', /at most 18446744073709551615/],
    ['TON', 'x'.repeat(121), /120 bytes/],
    ['TON', 'two\nlines', /not U\+/],
    ['MYCHAIN', ' 7', /blank/],
  ])('on %s, %j is refused', (network, memo, reason) =>
    expect(memoFault(network, memo)).toMatch(reason),
  );
});

describe('networkNamed', () => {
  it.each([
    ['TRX', 'TRX'],
    ['trx', 'TRX'],
    ['TRC20', 'TRX'],
    ['trc-20', 'TRX'],
    ['Tron', 'TRX'],
    ['Tron (TRC20)', 'TRX'],
    ['TRON[TRC20]', 'TRX'],
    ['bep20', 'BSC'],
    ['BSC_BNB', 'BSC'],
    ['BNB Smart Chain', 'BSC'],
    ['BSC (BEP20)', 'BSC'],
    ['erc20', 'ETH'],
    ['Ethereum', 'ETH'],
    ['Arbitrum One', 'ARB'],
    ['ARBEVM', 'ARB'],
    ['CAVAX', 'AVAX'],
    ['matic', 'POLYGON'],
    [' solana ', 'SOL'],
  ])('%s is %s', (name, network) => expect(networkNamed(name)).toBe(network));

  it.each(['', 'BNB', 'BEP2', 'OMNI', 'NEW', 'toString', '__proto__', 'ETH (TRC20)', 'ETH (NEW)'])(
    '"%s" is no name of a known network',
    (name) => expect(networkNamed(name)).toBeNull(),
  );

  it('gives each name to one network', () => {
    for (const name of ['eth', 'etc', 'opbnb', 'ltc', 'doge', 'xrp', 'xlm', 'ton', 'atom', 'celo'])
      expect(networkNamed(name)).toBe(name.toUpperCase());
  });
});

const key = (address: string) => destinationKey({ type: 'address', address });

describe('destinationKey, of an address', () => {
  it.each([
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED'],
    ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', '41A614F803B6FD780986A42C78EC9C7F77E6DED13C'],
    [
      'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI',
      '0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8',
    ],
    [
      'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI',
      'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N',
    ],
  ])('is the same for %s and %s', (one, other) => expect(key(one)).toBe(key(other)));

  it('is another for base58 in another case', () => {
    const address = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';
    expect(key(address)).not.toBe(key(address.toLowerCase()));
  });
});
