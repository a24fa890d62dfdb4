import fc from 'fast-check';
import { parseEther, toHex, type Address } from 'viem';
import { planTopUps, type HotWallet, type Tank } from './plan-top-ups.js';

const POLICY = { below: '0.05', upTo: '0.2', mostPerDay: '1' };
const TANK: Tank = { free: parseEther('10'), givenInADay: 0n, gas: parseEther('0.001') };
const address = (index: number): Address => toHex(index + 1, { size: 20 });
const hot = (ether: string, change: Partial<HotWallet> = {}): HotWallet => ({
  address: address(0),
  balance: parseEther(ether),
  isWaiting: false,
  ...change,
});

describe('who gets gas', () => {
  it('is a wallet below the threshold, so that it has what it shall have', () => {
    expect(planTopUps([hot('0.04')], TANK, POLICY)).toEqual({
      topUps: [{ to: address(0), amount: parseEther('0.16') }],
      without: [],
    });
  });

  it.each([
    ['has enough', hot('0.05')],
    ['waits for one', hot('0', { isWaiting: true })],
  ])('is none that %s', (_, wallet) => {
    expect(planTopUps([wallet], TANK, POLICY)).toEqual({ topUps: [], without: [] });
  });

  it('is the poorest first, where the tank has not enough for all', () => {
    const wallets = [hot('0.04'), hot('0.01', { address: address(1) })];

    expect(planTopUps(wallets, { ...TANK, free: parseEther('0.3') }, POLICY)).toEqual({
      topUps: [{ to: address(1), amount: parseEther('0.19') }],
      without: [{ to: address(0), cause: 'the tank does not have enough' }],
    });
  });

  it('is nobody beyond what the tank gives in a day, its gas included', () => {
    const given = { ...TANK, givenInADay: parseEther('0.84') };

    expect(planTopUps([hot('0.04')], given, POLICY)).toEqual({
      topUps: [],
      without: [{ to: address(0), cause: 'the tank gives 1 in 24 hours at most' }],
    });
    expect(planTopUps([hot('0.04')], { ...given, gas: 0n }, POLICY).topUps).toHaveLength(1);
  });

  it('never gets more out of the tank than it has, or gives in a day', () => {
    const wei = fc.bigInt(0n, parseEther('2'));
    fc.assert(
      fc.property(fc.array(wei, { maxLength: 8 }), wei, wei, (balances, free, givenInADay) => {
        const wallets = balances.map((balance, index) =>
          hot('0', { balance, address: address(index) }),
        );
        const { topUps, without } = planTopUps(wallets, { ...TANK, free, givenInADay }, POLICY);

        const cost = topUps.reduce((sum, { amount }) => sum + amount + TANK.gas, 0n);
        expect(cost).toBeLessThanOrEqual(free);
        if (topUps.length > 0) expect(givenInADay + cost).toBeLessThanOrEqual(parseEther('1'));
        expect(topUps.length + without.length).toBe(
          balances.filter((balance) => balance < parseEther('0.05')).length,
        );
      }),
    );
  });
});
