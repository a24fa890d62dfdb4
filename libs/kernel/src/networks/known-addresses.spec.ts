import { canonicalIn } from '../address-families.js';
import { isLostIn } from '../lost-addresses.js';

type ChainFamily = 'evm' | 'tron' | 'bitcoin' | 'bank';
const isAddressOf = (family: ChainFamily, address: string) => canonicalIn(family, address).ok;

const GOOD: Readonly<Record<ChainFamily, readonly string[]>> = {
  evm: [
    // The eight examples of EIP-55.
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x27b1fdb04752bbc536007a920d24acb045561c26',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
    '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    '0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED',
  ],
  tron: [
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
    'TCpToMYMu1Xsvx2izvtEbMxfUpkHMm7B4n',
    'THUvMXRf5RARGjPiVey2QQe25G3yb6bMh3',
  ],
  bitcoin: [
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '1GkUHoxVQZysnSttosJ1zaDjvnLf5xGz3q',
    '3HSVDMSvxUJFscbKvxxcRCag5JdNfGr62d',
    // BIP 173 and BIP 350.
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y',
    'BC1SW50QGDZ25J',
    'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    'bc1qfra3pv2l84z2p8wg95ptqevpurqvd9rchwtg8v',
    'bc1qfra3pv2l84z2p8wg95ptqevpurqvd9rce87je78epym9jqv6z6rsnac0j9',
    'bc1pslzk3cph5ha9pvdujy0gacv6wlzd60pzhn5extuxlhv2y940u95q6kkpct',
  ],
  bank: [],
};

const BAD: Readonly<Record<ChainFamily, readonly (readonly [why: string, address: string])[]>> = {
  evm: [
    ['one letter in the other case', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'],
    [
      'two letters in the other case',
      '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'.replace('F3E', 'f3e'),
    ],
    ['one digit short', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae'],
    ['one digit long', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaedd'],
    ['no prefix', '5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
    ['upper-case prefix', '0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
    ['not hex', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg'],
    ['a blank', ' 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
    ['a line end', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\n'],
    ['a name', 'vitalik.eth'],
    ['a Tron address', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
    ['a Bitcoin address', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ],
  tron: [
    ['one letter changed', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u'],
    ['two letters swapped', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'.replace('jeK', 'jKe')],
    ['one letter short', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6'],
    ['a letter base58 does not have', '0R7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
    ['the test network', '27RvmLfrjM9Z7d8GxKnXWfGpQGkDturssen'],
    ['version 0x42', 'TcA4nTqecBzkkPAp2MDZ5VET7L1E4Uu1vF'],
    ['19 bytes', '6wLN2SVrbSVkFwcHK7KQUGdB5VVNpuUaL'],
    ['21 bytes', '2zfAVHbfREZMHo7tcNgq8zfWgqok2ryR1q6V'],
    ['hex form', '41a614f803b6fd780986a42c78ec9c7f77e6ded13c'],
    ['a Bitcoin address', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['an EVM address', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['lower case', 'tr7nhqjekqxgtci8q8zy4pl8otszgjlj6t'],
  ],
  bitcoin: [
    ['one letter changed', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['test network, public key hash', 'mwGRas3UDbR8ZZNWXSGPpVS4nmwMvfVRqQ'],
    ['test network, script hash', '2N8zhH6NxZvoc5QDsc6aV39ZwHeqYQXtsU6'],
    ['Litecoin', 'LayRZ2GKVEDw3Fb3z1HKGbHW8zhwByRrDA'],
    ['Dogecoin', 'DLtZq4u8hytAKT5VYTHaYLPLov4xMPpC8j'],
    ['19 bytes', '14ZxaGArUzmc4xFvswttRprZP9uueUys1'],
    ['21 bytes', '12CWsTCFvP2a39bJ3frz7P7dEUP7mBaD4LMp'],
    ['a private key', '5K8NW8zfiea9YSR8HB5PL13mmKk8ksLzWbHCP4eF6ZaPptSz1Js'],
    ['version 0 in bech32m', 'bc1qfra3pv2l84z2p8wg95ptqevpurqvd9rczjmyzw'],
    ['version 1 in bech32', 'bc1pslzk3cph5ha9pvdujy0gacv6wlzd60pzhn5extuxlhv2y940u95q02xdaf'],
    ['version 0 with 21 bytes', 'bc1qfra3pv2l84z2p8wg95ptqevpurqvd9rceywm2r5u'],
    ['version 17', 'bc13wywzy3ywwg09fywcy3d5jsj64pslrlz2z5587pe4ugphnxm9ellqgarh26'],
    ['a program of 1 byte', 'bc1pwycftthl'],
    [
      'a program of 41 bytes',
      'bc1pwywzy3ywwg09fywcy3d5jsj64pslrlz2z5587pe4ugphnxm9ellv2z66h58amkgu6c6je739',
    ],
    ['no program', 'bc1pdg93mv'],
    ['no version', 'bc1gmk9yu'],
    ['test network, bech32', 'tb1qfra3pv2l84z2p8wg95ptqevpurqvd9rcagsmul'],
    ['test network, bech32m', 'tb1pfra3pv2l84z2p8wg95ptqevpurqvd9rce87je78epym9jqv6z6rswzwfsk'],
    ['regtest', 'bcrt1qfra3pv2l84z2p8wg95ptqevpurqvd9rclpfktk'],
    ['Litecoin, bech32', 'ltc1qfra3pv2l84z2p8wg95ptqevpurqvd9rcnj3vlu'],
    ['a prefix that only starts with bc1', 'bc1x1qfra3pv2l84z2p8wg95ptqevpurqvd9rcnkyvh8'],
    ['the prefix bc1', 'bc11pfra3pv2l84z2p8wg95ptqevpurqvd9rce87je78epym9jqv6z6rswdhp7r'],
    ['mixed case', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4'],
    ['one letter changed, bech32', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'],
    [
      'padding of more than 4 bits (BIP 350)',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf',
    ],
    ['a Tron address', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
    ['an EVM address', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['nothing', ''],
  ],
  bank: [
    ['an IBAN', 'DE89370400440532013000'],
    ['a UUID', '1e2d5d16-4ed6-4461-801e-b9200acc16a4'],
  ],
};

/** Well formed, with a right checksum, and for ever nobody's. */
const BURNT: Readonly<Record<ChainFamily, readonly (readonly [why: string, address: string])[]>> = {
  evm: [
    ['dead', '0x000000000000000000000000000000000000dEaD'],
    ['dead, in lower case', '0x000000000000000000000000000000000000dead'],
    ['dead, written in front', '0xdEAD000000000000000042069420694206942069'],
    ['the first precompile', '0x0000000000000000000000000000000000000001'],
    ['the last one of Cancun', '0x000000000000000000000000000000000000000a'],
    ['a precompile of Prague', '0x0000000000000000000000000000000000000011'],
    ['the precompile for P-256', '0x0000000000000000000000000000000000000100'],
    ['the sign for ether', '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE'],
    ['all ones', '0xffffffffffffffffffffffffffffffffffffffff'],
  ],
  tron: [
    ['the black hole', 'TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy'],
    ['the first precompile', 'T9yD14Nj9j7xAB4dbGeiX9h8unkKLxmGkn'],
    ['dead', 'T9yD14Nj9j7xAB4dbGeiX9h8upfCg3PBbY'],
  ],
  bitcoin: [
    ['the eater', '1BitcoinEaterAddressDontSendf59kuE'],
    ['Counterparty’s', '1CounterpartyXXXXXXXXXXXXXXXUWLpVr'],
  ],
  bank: [],
};

const rowsOf = <T>(table: Readonly<Record<ChainFamily, readonly T[]>>) =>
  (Object.keys(table) as ChainFamily[]).flatMap((family) =>
    table[family].map((row) => [family, row] as const),
  );

describe('the addresses of a family', () => {
  it.each(rowsOf(GOOD))('%s: takes %s', (family, address) => {
    expect(isAddressOf(family, address)).toBe(true);
  });

  it.each(rowsOf(BURNT).map(([family, [why, address]]) => [family, why, address] as const))(
    '%s: knows that nobody has the key to %s: %s',
    (family, _why, address) => {
      expect([isAddressOf(family, address), isLostIn(family, address)]).toEqual([true, true]);
    },
  );

  it.each(rowsOf(GOOD))('%s: takes %s for somebody’s', (family, address) => {
    expect(isLostIn(family, address)).toBe(false);
  });

  it.each(rowsOf(BAD).map(([family, [why, address]]) => [family, why, address] as const))(
    '%s: refuses %s: %j',
    (family, _why, address) => {
      expect(isAddressOf(family, address)).toBe(false);
    },
  );
});
