import { parseChains } from './parse-chains.js';

const HOT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TANK = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const USDT = '0xdAC17F958D2ee523a2206206994597C13D831ec7';

const ETH = {
  network: 'ETH',
  chainId: 1,
  rpcUrls: ['https://node-1.example/v3/s3cret', 'https://node-2.example'],
  finality: 'finalized',
  depthWithoutFinalized: 96,
  fees: {
    maxFeeCapGwei: '200',
    tipGwei: '1.5',
    bumpPercent: 12.5,
    stuckAfterBlocks: 5,
    recipientGasLimit: 90_000,
  },
  native: { currency: 'ETH' },
  tokens: [{ currency: 'USDT', address: USDT, decimals: 6 }],
  wallets: [
    { address: HOT, purpose: 'hot' },
    { address: TANK, purpose: 'tank' },
  ],
  topUps: { below: '0.05', upTo: '0.2', mostPerDay: '1' },
};
const BSC = {
  ...ETH,
  network: 'BSC',
  chainId: 56,
  finality: { confirmations: 15 },
  native: { currency: 'BNB' },
};

const parse = (...chains: readonly unknown[]) => parseChains(JSON.stringify(chains));

describe('parseChains', () => {
  it('reads several chains as they are written', () => {
    expect(parse(ETH, BSC)).toEqual([ETH, BSC]);
  });

  it('needs neither tokens nor top-ups', () => {
    const { topUps: _, ...plain } = { ...ETH, tokens: [] };

    expect(parse(plain)).toEqual([plain]);
  });

  it('reads the limits of the auditor for gas', () => {
    const limited = { ...ETH, gasPerTransaction: '0.01', gasPerHour: '2.5' };

    expect(parse(limited)).toEqual([limited]);
    expect(() => parse({ ...ETH, gasPerHour: '0' })).toThrow(
      'ETH: gasPerHour must be an amount above zero as text',
    );
  });

  it('gives recipients 100,000 units of gas where no limit is set', () => {
    const { recipientGasLimit: _, ...fees } = ETH.fees;

    expect(parse({ ...ETH, fees })[0]?.fees.recipientGasLimit).toBe(100_000);
  });

  it('reads what a new coin and a new token are worth, and where the nonces of an address begin', () => {
    const tokens = [{ currency: 'EURC', address: USDT, decimals: 6, unitWorthEur: '1' }];
    const wallets = [{ address: HOT, purpose: 'hot', firstNonce: 9_000 }];
    const native = { currency: 'POL', unitWorthEur: '0.25' };
    const { topUps: _, ...polygon } = { ...ETH, native, tokens, wallets };

    expect(parse(polygon)).toEqual([polygon]);
  });

  it.each([
    ['nothing', 'must be JSON', ''],
    ['no list', 'must be a list of chains', '{}'],
    ['an empty list', 'must be a list of chains', '[]'],
    ['a number', 'chain 1 must be an object', '[7]'],
  ])('refuses %s', (_, sentence, text) => {
    expect(() => parseChains(text)).toThrow(sentence);
  });

  it.each<[string, object]>([
    [
      'ETH: finality must be "finalized" or {"confirmations": N}: what safe means differs from node to node',
      { finality: 'safe' },
    ],
    ['ETH: finality must be "finalized" or {"confirmations": N}', { finality: 12 }],
    [
      'ETH: depthWithoutFinalized must be a whole number from 1 to 100000',
      { depthWithoutFinalized: 0 },
    ],
    [
      'ETH finality: confirmations must be a whole number from 1 to 100000',
      { finality: { confirmations: 0 } },
    ],
    ['chain 1: network must be capital letters, digits, _ and -', { network: 'eth' }],
    ['ETH: chainId must be a whole number from 1 to 9007199254740991', { chainId: '1' }],
    ['ETH: rpcUrls must be a list with at least one entry', { rpcUrls: [] }],
    ['ETH: rpcUrls must be URLs that begin with https:// or http://', { rpcUrls: ['ws://node'] }],
    [
      'ETH fees: recipientGasLimit must be a whole number from 21000 to 1000000',
      { fees: { ...ETH.fees, recipientGasLimit: 1_000_001 } },
    ],
    [
      'ETH native: unitWorthEur must be EUR above zero as text',
      { native: { currency: 'POL', unitWorthEur: '0' } },
    ],
    ['ETH: rpcUrls has one twice', { rpcUrls: ['https://a', 'https://a'] }],
    ['ETH fees: maxFeeCapGwei must be above zero', { fees: { ...ETH.fees, maxFeeCapGwei: '0' } }],
    ['ETH fees: tipGwei must be at most maxFeeCapGwei', { fees: { ...ETH.fees, tipGwei: '201' } }],
    [
      'ETH fees: tipGwei must be gwei as text with at most 9 decimals',
      { fees: { ...ETH.fees, tipGwei: '1.0000000001' } },
    ],
    [
      'ETH fees: bumpPercent must be a number from 12.5 to 1000',
      { fees: { ...ETH.fees, bumpPercent: 10 } },
    ],
    ['ETH fees: stuckAfterBlock is no field', { fees: { ...ETH.fees, stuckAfterBlock: 5 } }],
    [
      'ETH tokens[0]: address must be an address with its checksum (ERC-55)',
      { tokens: [{ ...ETH.tokens[0], address: USDT.toLowerCase() }] },
    ],
    [
      'ETH tokens[0]: decimals must be a whole number from 0 to 36',
      { tokens: [{ ...ETH.tokens[0], decimals: 6.5 }] },
    ],
    ['ETH: currency ETH is there twice', { tokens: [{ ...ETH.tokens[0], currency: 'ETH' }] }],
    [`ETH: address ${HOT} is there twice`, { tokens: [{ ...ETH.tokens[0], address: HOT }] }],
    ['ETH: wallets must have one with the purpose "hot"', { wallets: [ETH.wallets[1]] }],
    [
      'ETH wallets[0]: purpose must be "hot" or "tank"',
      { wallets: [{ address: HOT, purpose: 'cold' }] },
    ],
    [
      'ETH wallets[0]: accountId must be a UUID in lower case',
      { wallets: [{ ...ETH.wallets[0], accountId: 'acme' }, ETH.wallets[1]] },
    ],
    ['ETH: topUps needs a wallet with the purpose "tank"', { wallets: [ETH.wallets[0]] }],
    ['ETH topUps: upTo must be at least below', { topUps: { ...ETH.topUps, upTo: '0.01' } }],
    ['ETH: networks is no field', { networks: [] }],
  ])('reports %s', (sentence, change) => {
    expect(() => parse({ ...ETH, ...change })).toThrow(sentence);
  });

  it('names every fault of every chain together, and quotes no URL', () => {
    const faulty = { ...ETH, rpcUrls: ['ftp://node/s3cret'], chainId: 0 };
    const read = () => parse(faulty, { ...BSC, native: {} }, { ...BSC, network: 'POL' });

    expect(read).toThrow(
      'ETH: chainId must be a whole number from 1 to 9007199254740991, ETH: rpcUrls must be URLs that begin with https:// or http://, ' +
        'BSC native: currency must be a currency, chainId 56 is there twice',
    );
    expect(read).not.toThrow(/s3cret/);
  });
});
