import { parseChains } from '@sluice/evm';
import { SIGNER_REFUSALS, type SignatureRequestDto, type SignerRefusal } from '@sluice/signer-api';
import { testMessageKeys } from '@sluice/test-kit';
import {
  ACCOUNT,
  aPayment,
  aTopUp,
  aVoid,
  CHAINS_TEXT,
  HOT,
  HOT_OF_ACCOUNT,
  HOT_ON_BSC,
  SOMEBODY,
  TANK,
  THIEF,
  USDT,
} from '../testkit/wallets.js';
import { LedgerReceipts, understand } from './understand.js';
import { SigningChain, signingChains } from './chains.js';

const RULES = {
  chains: signingChains(parseChains(CHAINS_TEXT)),
  authorisation: new LedgerReceipts(testMessageKeys('signer').with('ledger')),
  permits: { covers: () => true },
};
const refusalOf = (request: SignatureRequestDto): SignerRefusal | null => {
  const understood = understand(request, RULES);
  return understood.ok ? null : understood.refusal;
};
const to = (address: string, more: object = {}) => ({
  destination: { type: 'address' as const, address, ...more },
});
const OTHER_ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b12';

describe('a request', () => {
  it('that pays needs a permit for its asset and account; a void and gas need none', () => {
    const asked: unknown[] = [];
    const permits = { covers: (...of: readonly unknown[]) => (asked.push(...of), false) };
    const answer = (request: SignatureRequestDto) => {
      const understood = understand(request, { ...RULES, permits });
      return understood.ok ? null : understood.refusal;
    };

    expect([aPayment({ permit: 'p' }), aVoid(), aTopUp()].map(answer)).toEqual([
      'not_permitted',
      null,
      null,
    ]);
    expect(asked).toEqual([
      expect.objectContaining({ asset: 'USDT.ETH', accountId: ACCOUNT }),
      'p',
    ]);
  });

  it('for a token becomes its transfer, in the smallest unit of the token', () => {
    const understood = understand(aPayment({ amount: '12.50' }), RULES);

    expect(understood).toMatchObject({
      ok: true,
      value: {
        kind: 'payment',
        transfer: { chainId: 31337, from: HOT, to: SOMEBODY, token: USDT, amount: 12_500_000n },
      },
    });
    expect(understood.ok && understood.value.gasCost.toString()).toBe('0.00195');
  });

  it.each([
    ['the coin of the chain', aPayment({ asset: 'ETH.ETH', amount: '0.000000000000000001' }), 1n],
    [
      'the same token where it has more decimals',
      aPayment({ network: 'BSC', from: HOT_ON_BSC, asset: 'USDT.BSC', amount: '0.5' }),
      500_000_000_000_000_000n,
    ],
    ['gas for a hot wallet', aTopUp(), 500_000_000_000_000_000n],
    ['nothing', aVoid(), 0n],
  ])('may be for %s', (_what, request, amount) => {
    expect(understand(request, RULES)).toMatchObject({ value: { transfer: { amount } } });
  });

  it('for nothing goes from a wallet to itself, regardless of the other fields', () => {
    const request = aVoid({ from: TANK, to: THIEF, amount: '1' });
    expect(understand(request, RULES)).toMatchObject({
      value: { withdrawalId: null, amount: null, transfer: { to: TANK, amount: 0n, token: null } },
    });
  });

  it.each(['upper', 'lower'])('may spell a recipient in %s case alone', (letters) => {
    const digits = SOMEBODY.slice(2);
    const written = letters === 'upper' ? digits.toUpperCase() : digits.toLowerCase();
    expect(understand(aPayment(to(`0x${written}`)), RULES)).toMatchObject({
      value: { transfer: { to: SOMEBODY } },
    });
  });
});

describe('what is never signed', () => {
  const badCase = SOMEBODY.replace(/[a-f]/, (letter) => letter.toUpperCase());
  const cases: readonly (readonly [SignerRefusal, SignatureRequestDto])[] = [
    ['network_unknown', aPayment({ network: 'TRON' })],
    ['network_unknown', aVoid({ network: 'POLYGON' })],
    ['digest_wrong', aPayment({ amount: '13', digest: aPayment().digest ?? '' })],
    ['receipt_wrong', aPayment({ receipt: 'test.AAAA' })],
    ['receipt_wrong', aPayment({ receipt: aPayment().receipt ?? '' })],
    ['sender_unknown', aPayment({ from: THIEF })],
    ['sender_unknown', aPayment({ from: TANK })],
    ['sender_unknown', aPayment({ from: HOT_ON_BSC })],
    ['sender_unknown', aVoid({ from: THIEF })],
    ['sender_unknown', aTopUp({ from: HOT })],
    ['account_foreign', aPayment({ from: HOT_OF_ACCOUNT, account_id: OTHER_ACCOUNT })],
    ['asset_unknown', aPayment({ asset: 'USDC.ETH' })],
    ['asset_unknown', aPayment({ asset: 'USDT.BSC' })],
    ['destination_malformed', aPayment(to(badCase))],
    ['destination_malformed', aPayment(to(SOMEBODY.slice(0, -1)))],
    ['destination_malformed', aPayment(to('TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy'))],
    ['memo_unknown', aPayment(to(SOMEBODY, { memo: '7' }))],
    ['destination_ours', aPayment(to('0x0000000000000000000000000000000000000000'))],
    ['destination_ours', aPayment(to('0x000000000000000000000000000000000000dEaD'))],
    ['destination_ours', aPayment(to(USDT))],
    ['destination_ours', aPayment(to(HOT))],
    ['destination_ours', aPayment(to(TANK))],
    ['amount_too_fine', aPayment({ amount: '0.0000001' })],
    ['amount_too_fine', aTopUp({ amount: '0.0000000000000000001' })],
    ['amount_too_high', aPayment({ amount: '1000000.000001' })],
    ['amount_too_high', aTopUp({ amount: '1.000000000000000001' })],
    ['top_up_elsewhere', aTopUp({ to: THIEF })],
    ['top_up_elsewhere', aTopUp({ to: TANK })],
    ['top_up_elsewhere', aTopUp({ to: HOT_ON_BSC })],
    ['tip_above_fee', aPayment({ max_priority_fee_per_gas: '30000000001' })],
    ['fee_too_high', aVoid({ max_fee_per_gas: '200000000001' })],
    ['gas_too_high', aPayment({ gas_limit: '100001' })],
    ['gas_too_high', aVoid({ gas_limit: '100001' })],
  ];
  it.each(cases)('%s', (refusal, request) => {
    expect(refusalOf(request)).toBe(refusal);
  });

  it('cost_too_high, where the chain is configured for any fee', () => {
    const [first, ...others] = parseChains(CHAINS_TEXT);
    const wide = { ...first!, fees: { ...first!.fees, maxFeeCapGwei: '100000' } };
    const rules = { ...RULES, chains: signingChains([wide, ...others]) };
    const request = aVoid({ gas_limit: '25001', max_fee_per_gas: '10000000000000' });
    expect(understand(request, rules)).toEqual({ ok: false, refusal: 'cost_too_high' });
  });

  it('gas_too_high, by the limit that the settings of the chain have', () => {
    const [first, ...others] = parseChains(CHAINS_TEXT);
    const low = { ...first!, fees: { ...first!.fees, recipientGasLimit: 60_000 } };
    const rules = { ...RULES, chains: signingChains([low, ...others]) };
    expect(understand(aPayment(), rules)).toEqual({ ok: false, refusal: 'gas_too_high' });
  });

  it('amount_too_high or cost_too_high, by what a new coin and a new token are worth', () => {
    const [first] = parseChains(CHAINS_TEXT);
    const tokens = [{ currency: 'EURC', address: USDT, decimals: 6, unitWorthEur: '1' }];
    const native = { currency: 'POL', unitWorthEur: '0.25' };
    const polygon = new Map([['ETH', new SigningChain({ ...first!, tokens, native })]]);
    const answer = (request: SignatureRequestDto) => {
      const understood = understand(request, { ...RULES, chains: polygon });
      return understood.ok ? null : understood.refusal;
    };

    expect(answer(aPayment({ asset: 'EURC.ETH', amount: '10000' }))).toBeNull();
    expect(answer(aPayment({ asset: 'EURC.ETH', amount: '10000.000001' }))).toBe('amount_too_high');
    expect(answer(aTopUp({ amount: '200' }))).toBeNull();
    expect(answer(aTopUp({ amount: '200.1' }))).toBe('amount_too_high');
    expect(answer(aVoid())).toBeNull();
  });

  it('uncapped, where no release knows the currency and its worth is not stated', () => {
    const [first] = parseChains(CHAINS_TEXT);
    const tokens = [{ currency: 'NEWCOIN', address: USDT, decimals: 6 }];
    const rules = { ...RULES, chains: signingChains([{ ...first!, tokens }]) };
    const request = aPayment({ asset: 'NEWCOIN.ETH' });
    expect(understand(request, rules)).toEqual({ ok: false, refusal: 'uncapped' });
  });

  it('has a sentence each, and no two have the same', () => {
    const sentences = Object.values(SIGNER_REFUSALS).map(([, message]) => message);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});
