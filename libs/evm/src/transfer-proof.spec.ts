import { pad, toHex, type Address, type Hex } from 'viem';
import type { ChainLog, Receipt } from './chain-settings.js';
import { leavingTopics, namesHolder, proofOf, readTransferLog } from './transfer-proof.js';

const FROM = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TO = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const TOKEN = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const OTHER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const APPROVAL = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925';

const word = (address: Address): Hex => pad(address.toLowerCase() as Hex);
const log = (
  change: Partial<{ token: Address; event: Hex; from: Address; to: Address; amount: bigint }> = {},
): ChainLog => {
  const { token = TOKEN, event = TRANSFER, from = FROM, to = TO, amount = 250n } = change;
  return {
    address: token,
    topics: [event, word(from), word(to)],
    data: toHex(amount, { size: 32 }),
  };
};
const receipt = (logs: readonly ChainLog[], status: Receipt['status'] = 'success'): Receipt => ({
  hash: '0x1',
  blockNumber: 1n,
  blockHash: '0x2',
  from: FROM,
  status,
  logs,
  gasUsed: 50_000n,
  effectiveGasPrice: 1n,
});
const PLAIN = { chainId: 1, from: FROM, to: TO, amount: 250n } as const;
const NATIVE = { ...PLAIN, token: null };
const ERC_20 = { ...PLAIN, token: TOKEN } as const;

describe('a receipt', () => {
  it('of coins proves that they moved by its status alone', () => {
    expect(proofOf(NATIVE, receipt([]))).toBe('paid');
    expect(proofOf(NATIVE, receipt([], 'reverted'))).toBe('reverted');
  });

  it('is unreadable without the field that decides', () => {
    expect(proofOf(NATIVE, receipt([], 'unknown'))).toBe('unreadable');
    expect(proofOf(ERC_20, { ...receipt([]), logs: null })).toBe('unreadable');
    expect(proofOf(ERC_20, receipt([log()], 'unknown'))).toBe('unreadable');
    expect(proofOf(ERC_20, receipt([], 'unknown'))).toBe('silent');
  });

  it('of a token proves it by the exact log of the exact contract', () => {
    expect(proofOf(ERC_20, receipt([log()]))).toBe('paid');
    expect(proofOf(ERC_20, receipt([log({ event: APPROVAL }), log()]))).toBe('paid');
    expect(proofOf(ERC_20, receipt([log()], 'reverted'))).toBe('reverted');
  });

  it.each([
    ['no log', []],
    ['the log of another contract', [log({ token: OTHER })]],
    ['another event', [log({ event: APPROVAL })]],
    ['what somebody else sent', [log({ from: OTHER })]],
  ])('of a token with %s proves nothing: the token may have paid without the event', (_, logs) => {
    expect(proofOf(ERC_20, receipt(logs))).toBe('silent');
  });

  it.each([
    ['less', [log({ amount: 249n })]],
    ['more', [log({ amount: 251n })]],
    ['to somebody else', [log({ to: OTHER })]],
    ['twice', [log(), log()]],
    ['with a part for the token itself', [log({ to: TOKEN, amount: 2n }), log({ amount: 248n })]],
    ['with an amount that is no word', [{ ...log(), data: '0xfa' as const }]],
    ['with a topic too many', [{ ...log(), topics: [...log().topics, word(OTHER)] }]],
  ])('of a token that moved otherwise is for a person: %s', (_, logs) => {
    expect(proofOf(ERC_20, receipt(logs))).toBe('otherwise');
  });
});

describe('a log of a token', () => {
  it.each([
    ['that the address has sent', log(), true],
    ['that the address has received', log({ from: OTHER, to: FROM }), true],
    ['between two others', log({ from: OTHER }), false],
    ['of another token', log({ token: OTHER }), false],
    ['that is no transfer', log({ event: APPROVAL }), false],
  ])('of a transfer %s names the address: %#', (_, one, names) => {
    expect(namesHolder(one, TOKEN, FROM)).toBe(names);
  });
});

describe('a log', () => {
  it('of a transfer is read, and no other log', () => {
    expect(readTransferLog(log())).toEqual({ from: FROM, to: TO, amount: 250n });
    expect(readTransferLog(log({ event: APPROVAL }))).toBeNull();
    expect(readTransferLog({ ...log(), topics: log().topics.slice(0, 2) })).toBeNull();
    expect(readTransferLog({ ...log(), data: '0x01' })).toBeNull();
  });

  it('is asked for by the senders', () => {
    expect(leavingTopics([FROM, OTHER])).toEqual([TRANSFER, [word(FROM), word(OTHER)]]);
  });
});
