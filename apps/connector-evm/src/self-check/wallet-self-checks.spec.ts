import type { ChainSettings } from '@sluice/evm';
import { gasFindings, nodeFindings, signerFindings } from './wallet-self-checks.js';

const HOT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const TANK = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETH: ChainSettings = {
  network: 'ETH',
  chainId: 1,
  rpcUrls: ['https://node.example'],
  finality: 'finalized',
  fees: {
    maxFeeCapGwei: '200',
    tipGwei: '1',
    bumpPercent: 12.5,
    stuckAfterBlocks: 6,
    recipientGasLimit: 100_000,
  },
  native: { currency: 'ETH' },
  tokens: [],
  wallets: [
    { address: HOT, purpose: 'hot' },
    { address: TANK, purpose: 'tank' },
  ],
};
const GWEI = 10n ** 9n;
const headAt = (baseFeePerGas: bigint) => ({
  ...({ number: 9n, hash: '0x09', finalNumber: 1n, tip: GWEI } as const),
  baseFeePerGas,
});

describe('what the doctor hears of our own wallet', () => {
  it('is nothing where nodes agree, addresses have gas and the signer is ready', () => {
    expect(nodeFindings('ETH', true, [])).toEqual([]);
    expect(signerFindings(null, [])).toEqual([]);
    const plenty = new Map([[HOT, 10n ** 18n] as const, [TANK, 10n ** 18n] as const]);
    expect(gasFindings(ETH, headAt(GWEI), plenty)).toEqual([]);
  });

  it('is each node that does not do well, beside one that is believed', () => {
    const trouble = ['b.example: is on chain 5, not 1', 'c.example is 40 blocks behind'];

    expect(nodeFindings('ETH', true, trouble)).toMatchObject([
      { code: 'chain-node-wrong', wrong: 'Of the nodes of ETH: b.example: is on chain 5, not 1.' },
      { code: 'chain-node-wrong', wrong: 'Of the nodes of ETH: c.example is 40 blocks behind.' },
    ]);
  });

  it('is one thing where no node can be believed', () => {
    expect(nodeFindings('ETH', false, ['a.example: ECONNREFUSED'])).toMatchObject([
      {
        code: 'chain-not-believed',
        wrong: 'No node of ETH can be believed: a.example: ECONNREFUSED.',
      },
    ]);
    expect(nodeFindings('ETH', false, [])).toMatchObject([
      { wrong: 'No node of ETH can be believed: no node has answered.' },
    ]);
  });

  // 65,000 gas at 2 × 9 + 1 gwei.
  const needed = 65_000n * 19n * GWEI;
  it.each([
    ['less than one transfer may cost', needed - 1n, ['wallet-without-gas']],
    ['as much', needed, []],
  ])('is an address that has %s', (_what, has, codes) => {
    const coins = new Map([[HOT, has] as const, [TANK, 10n ** 18n] as const]);
    const findings = gasFindings(ETH, headAt(9n * GWEI), coins);

    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const { wrong } of findings)
      expect(wrong).toContain(`${HOT} (hot) on ETH has 0.001234999999999999 ETH`);
  });

  it('says of a tank that nobody gets gas, and of a wallet with a tank that it should have', () => {
    const topUps = { below: '1', upTo: '2', mostPerDay: '9' };
    const empty = new Map([[HOT, 0n] as const, [TANK, 0n] as const]);

    expect(gasFindings({ ...ETH, topUps }, headAt(GWEI), empty)).toMatchObject([
      { remedy: expect.stringContaining('The tank should have filled it') as string },
      { follows: 'No wallet there gets gas any more.', remedy: 'Send ETH to it.' },
    ]);
  });

  it('is a market that is dearer than the cap', () => {
    expect(gasFindings(ETH, headAt(500n * GWEI), new Map())).toMatchObject([
      { code: 'chain-fees-above-cap' },
    ]);
  });

  it('is a signer that cannot be asked, or each thing that it finds wrong', () => {
    expect(signerFindings('ECONNREFUSED', [])).toMatchObject([
      { code: 'signer-away', wrong: 'The signer does not answer: ECONNREFUSED.' },
    ]);
    const fault = `the token has no key of ${HOT}, a wallet on ETH`;
    expect(signerFindings(null, [fault])).toMatchObject([
      { code: 'signer-unready', wrong: `The signer reports: ${fault}.` },
    ]);
  });
});
