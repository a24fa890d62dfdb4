import { readFileSync } from 'node:fs';
import { Amount, assetOf } from '@sluice/money';
import type { Result } from '@sluice/result';
import { Book, type BookRows } from './book.js';
import { captureHold } from './capture-hold.js';
import { fundAccount } from './fund-account.js';
import type { Hold } from './hold.js';
import { openAccount } from './open-account.js';
import { placeHold } from './place-hold.js';
import { recordVenueFee } from './record-venue-fee.js';
import { REFUSAL_ORDER } from './refusal-order.js';
import { releaseHold } from './release-hold.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';
const terms = { withdrawalId: 'w', accountId: 'a', amount: usdt('10'), decidedAt: AT };
const PLACED: Hold = { ...terms, state: 'placed' };
const CAPTURED: Hold = { ...terms, state: 'captured', captured: usdt('9'), fee: usdt('1'), venue: 'gateio', entryId: 'e', closedAt: AT };
const RELEASED: Hold = { ...terms, state: 'released', reason: 'absent', closedAt: AT };

/** A command that would succeed, and the book it would succeed on; each spoiler makes one refusal apply. */
interface Scenario {
  account: boolean;
  hold: Hold | null;
  fundedBefore: boolean;
  feeBefore: boolean;
  cmd: { accountId: string; withdrawalId: string; name: string; reference: string; amount: Amount; fee: Amount; venue: string; reason: string };
}
type Spoiler = (scenario: Scenario) => void;
type Command = keyof typeof REFUSAL_ORDER;

const START: Record<Command, Hold | null> = {
  'open-account': null,
  'fund-account': null,
  'place-hold': null,
  'capture-hold': PLACED,
  'release-hold': PLACED,
  'record-venue-fee': CAPTURED,
};
const noHold: Spoiler = (s) => void (s.hold = null);
const otherAccount: Spoiler = (s) => void (s.cmd.accountId = 'b');
const nothing: Spoiler = (s) => void (s.cmd.amount = usdt('0'));
const noAccount: Spoiler = (s) => void (s.account = false);

const SPOILERS: Record<Command, Record<string, Spoiler>> = {
  'open-account': { account_id_reused: (s) => void (s.cmd.name = 'another') },
  'fund-account': { reference_reused: (s) => void (s.fundedBefore = true), amount_not_positive: nothing, account_not_found: noAccount },
  'place-hold': {
    withdrawal_id_reused: (s) => void (s.hold = { ...PLACED, amount: usdt('7') }),
    amount_not_positive: nothing,
    account_not_found: noAccount,
    insufficient_funds: (s) => void (s.cmd.amount = usdt('101')),
  },
  'capture-hold': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    already_captured: (s) => void (s.hold = CAPTURED),
    already_released: (s) => void (s.hold = RELEASED),
    amount_not_positive: nothing,
    exceeds_hold: (s) => void (s.cmd.fee = usdt('11')),
  },
  'release-hold': { hold_not_found: noHold, hold_mismatch: otherAccount, already_captured: (s) => void (s.hold = CAPTURED) },
  'record-venue-fee': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    venue_fee_reused: (s) => void (s.feeBefore = true),
    hold_not_captured: (s) => void (s.hold = PLACED),
    venue_mismatch: (s) => void (s.cmd.venue = 'bybit'),
    amount_not_positive: nothing,
  },
};

/** Pairs that cannot be true together. */
const CONTRADICTIONS = new Set([
  'amount_not_positive insufficient_funds',
  'already_captured already_released',
  'hold_not_found already_captured',
  'hold_not_found already_released',
  'hold_not_found hold_not_captured',
]);

const RUN: Record<Command, (book: Book, cmd: Scenario['cmd']) => Result<unknown, { kind: string }>> = {
  'open-account': (book, cmd) => openAccount(book, cmd, AT),
  'fund-account': (book, cmd) => fundAccount(book, cmd, AT, () => 'new'),
  'place-hold': (book, cmd) => placeHold(book, cmd, AT),
  'capture-hold': (book, cmd) => captureHold(book, cmd, AT, () => 'new'),
  'release-hold': (book, cmd) => releaseHold(book, cmd, AT),
  'record-venue-fee': (book, cmd) => recordVenueFee(book, cmd, AT, () => 'new'),
};

function outcome(command: Command, ...spoilers: Spoiler[]): string {
  const cmd = {
    accountId: 'a',
    withdrawalId: 'w',
    name: 'first',
    reference: 'r',
    amount: usdt('8'),
    fee: usdt('1'),
    venue: 'gateio',
    reason: 'absent',
  };
  const scenario: Scenario = { account: true, hold: START[command], fundedBefore: false, feeBefore: false, cmd };
  spoilers.forEach((spoil) => spoil(scenario));
  const result = RUN[command](new Book(rowsOf(scenario)), scenario.cmd);
  return result.ok ? 'ok' : result.refusal.kind;
}

function rowsOf({ account, hold, fundedBefore, feeBefore }: Scenario): BookRows {
  const held = hold?.state === 'placed' ? hold.amount : usdt('0');
  return {
    accounts: account ? [{ id: 'a', name: 'first', openedAt: AT }] : [],
    balances: account ? [{ accountId: 'a', posted: usdt('100'), held }] : [],
    holds: hold ? [hold] : [],
    fundings: fundedBefore ? [{ accountId: 'a', reference: 'r', amount: usdt('5'), entryId: 'e' }] : [],
    venueFees: feeBefore ? [{ withdrawalId: 'w', accountId: 'a', venue: 'gateio', amount: usdt('5'), entryId: 'e' }] : [],
  };
}

const COMMANDS = Object.keys(REFUSAL_ORDER) as Command[];
const pairs = COMMANDS.flatMap((command) =>
  REFUSAL_ORDER[command].flatMap((first, index) => REFUSAL_ORDER[command].slice(index + 1).map((second) => [command, first, second] as const)),
).filter(([, first, second]) => !CONTRADICTIONS.has(`${first} ${second}`));

describe('refusals', () => {
  it.each(COMMANDS)('%s succeeds when no rule is broken', (command) => {
    expect(outcome(command)).toBe('ok');
  });

  it.each(COMMANDS.flatMap((command) => REFUSAL_ORDER[command].map((kind) => [command, kind] as const)))('%s: %s', (command, kind) => {
    expect(outcome(command, SPOILERS[command][kind]!)).toBe(kind);
  });

  it.each(pairs)('%s: %s wins over %s', (command, first, second) => {
    expect(outcome(command, SPOILERS[command][second]!, SPOILERS[command][first]!)).toBe(first);
  });

  it('are listed in the README in the order in which they win', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const command of COMMANDS) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${command}\``)) ?? '';
      expect([...row.matchAll(/\d+ `(\w+)`/g)].map((match) => match[1])).toEqual(REFUSAL_ORDER[command]);
    }
  });
});
