import { readFileSync } from 'node:fs';
import { Amount, assetOf, type Result } from '@sluice/kernel';
import { Book } from './book.js';
import type { BookRows } from './book-rows.js';
import { assignHold, grantHold, placeHold, startSubmission } from './place-hold.js';
import { captureHold, recordVenueFee } from './capture-hold.js';
import { expireHold, releaseHold, returnPayment } from './release-hold.js';
import { freezeAccount, fundAccount, openAccount, unfreezeAccount } from './open-account.js';
import type { Hold, HoldRefusal, PlacedHold } from './hold.js';
import { newEntry, type JournalEntry } from './journal.js';
import { recordGas, recordGasTopUp, recordWalletFunding } from './wallet-bookings.js';
import { REFUSAL_ORDER } from './refusal-order.js';
import { reverseEntry, transferFunds } from './corrections.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';
const terms = {
  withdrawalId: 'w',
  accountId: 'a',
  amount: usdt('10'),
  decidedAt: AT,
  digest: 'd',
  reference: null as string | null,
  assignedTo: 'gateio',
  lock: null,
  policy: withoutRules(usdt('10')),
  assignedAt: null,
  grant: null,
};
const DUE = '2026-11-20T07:59:00.000Z';
const started = { ...terms, submissionStartedAt: null } as const;
const PLACED: PlacedHold = { ...started, state: 'placed', expiresAt: null };
const EXPIRABLE: PlacedHold = { ...started, state: 'placed', expiresAt: DUE };
const CAPTURED: Hold = {
  ...started,
  state: 'captured',
  captured: usdt('9'),
  fee: usdt('1'),
  venueFee: null,
  venue: 'gateio',
  entryId: 'e',
  closedAt: AT,
};
const RELEASED: Hold = {
  ...started,
  state: 'released',
  reason: 'absent',
  proof: null,
  closedAt: AT,
};
const EXPIRED: Hold = { ...started, state: 'expired', closedAt: AT };
const ENTRY = newEntry('funding', {
  id: 'e',
  accountId: 'a',
  reference: 'r',
  recordedAt: AT,
  postings: [
    { account: 'customer:a', amount: usdt('20') },
    { account: 'funding', amount: usdt('-20') },
  ],
});

const GAS = { reference: 'r', amount: Amount.of('0.02', assetOf('ETH', 'ETH')), entryId: 'e' };

/** A command that would succeed, and the book it would succeed on; each spoiler makes one refusal apply. */
interface Scenario {
  account: boolean;
  frozen: boolean;
  posted: string;
  hold: Hold | null;
  heldBefore: boolean;
  entry: JournalEntry | null;
  fundedBefore: boolean;
  transferredBefore: boolean;
  feeBefore: boolean;
  returnedBefore: boolean;
  reversedBefore: boolean;
  gasBefore: boolean;
  freezeBefore: boolean;
  cmd: typeof CMD;
}
const CMD = {
  accountId: 'a',
  withdrawalId: 'w',
  name: 'first',
  reference: 'r',
  amount: usdt('8'),
  fee: usdt('1'),
  venue: 'gateio',
  reason: 'absent',
  expiresAt: null as string | null,
  digest: 'd',
  isUnsigned: false,
  policyRefusal: null as HoldRefusal | null,
  isAwaiting: false,
  effectiveAt: null,
  entryId: 'e',
  lines: null,
  freezeId: 'f',
  from: 'customer:a',
  to: 'clearing:gateio',
  isProven: true,
  network: 'ETH',
  gas: Amount.of('0.01', assetOf('ETH', 'ETH')),
  /** The venue that has the hold. */
  assignedBefore: 'gateio',
};
type Spoiler = (scenario: Scenario) => void;
type Command = keyof typeof REFUSAL_ORDER;

/** The hold before a command; none for the others. */
const START: Partial<Record<Command, Hold>> = {
  'assign-hold': PLACED,
  'grant-hold': PLACED,
  'start-submission': EXPIRABLE,
  'capture-hold': PLACED,
  'release-hold': PLACED,
  'expire-hold': EXPIRABLE,
  'record-venue-fee': CAPTURED,
  'return-payment': CAPTURED,
};
const noHold: Spoiler = (s) => void (s.hold = null);
const otherAccount: Spoiler = (s) => void (s.cmd.accountId = 'b');
const nothing: Spoiler = (s) => void (s.cmd.amount = usdt('0'));
const noGas: Spoiler = (s) => void (s.cmd.gas = Amount.zero(s.cmd.gas.asset));
const noAccount: Spoiler = (s) => void (s.account = false);
const full: Spoiler = (s) => void (s.posted = '9'.repeat(24));
const frozen: Spoiler = (s) => void (s.frozen = true);
const hold =
  (state: Hold): Spoiler =>
  (s) =>
    void (s.hold = state);

/** The spoilers of a command for a hold that must not have ended. */
const NOT_OPEN = {
  hold_not_found: noHold,
  hold_mismatch: otherAccount,
  already_captured: hold(CAPTURED),
  already_released: hold(RELEASED),
  already_expired: hold(EXPIRED),
};

const SPOILERS: Record<Command, Record<string, Spoiler>> = {
  'open-account': { account_id_reused: (s) => void (s.cmd.name = 'another') },
  'freeze-account': { account_not_found: noAccount },
  'unfreeze-account': { freeze_not_found: (s) => void (s.freezeBefore = false) },
  'fund-account': {
    reference_reused: (s) => void (s.fundedBefore = true),
    amount_not_positive: nothing,
    account_not_found: noAccount,
    balance_too_large: full,
  },
  'transfer-funds': {
    reference_reused: (s) => void (s.transferredBefore = true),
    amount_not_positive: nothing,
    not_transferable: (s) => void (s.cmd.to = 'funding'),
    account_not_found: noAccount,
    account_frozen: frozen,
    insufficient_funds: (s) => void (s.posted = '7'),
    balance_too_large: (s) => {
      full(s);
      s.cmd.from = 'suspense';
      s.cmd.to = 'customer:a';
    },
  },
  'place-hold': {
    withdrawal_id_reused: (s) => void (s.hold = { ...PLACED, amount: usdt('7') }),
    held_before: (s) => void (s.heldBefore = true),
    amount_not_positive: nothing,
    account_not_found: noAccount,
    account_frozen: frozen,
    order_not_signed: (s) => void (s.cmd.isUnsigned = true),
    policy_denied: (s) => void (s.cmd.policyRefusal = { kind: 'policy_denied', rule: 'closed' }),
    limit_exceeded: (s) =>
      void (s.cmd.policyRefusal = {
        kind: 'limit_exceeded',
        rule: 'daily',
        remaining: '7',
        unit: USDT,
        freesAt: null,
      }),
    insufficient_funds: (s) => void (s.cmd.amount = usdt('101')),
  },
  'assign-hold': {
    ...NOT_OPEN,
    assigned_elsewhere: (s) => void (s.cmd.assignedBefore = 'bitmart'),
    not_proven: (s) => void (s.cmd.isProven = false),
  },
  'grant-hold': NOT_OPEN,
  'start-submission': NOT_OPEN,
  'capture-hold': {
    ...NOT_OPEN,
    assigned_elsewhere: (s) => void (s.cmd.venue = 'bitmart'),
    not_approved: (s) => void (s.cmd.isAwaiting = true),
    amount_not_positive: nothing,
    exceeds_hold: (s) => void (s.cmd.fee = usdt('11')),
  },
  'release-hold': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    already_captured: hold(CAPTURED),
    already_expired: hold(EXPIRED),
    not_proven: (s) => void (s.cmd.isProven = false),
  },
  'expire-hold': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    already_captured: hold(CAPTURED),
    already_released: hold(RELEASED),
    not_expirable: hold({ ...PLACED, submissionStartedAt: DUE }),
    not_due: hold({ ...EXPIRABLE, expiresAt: '2026-11-20T08:00:00.001Z' }),
  },
  'record-venue-fee': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    venue_fee_reused: (s) => void (s.feeBefore = true),
    hold_not_captured: hold(PLACED),
    venue_mismatch: (s) => void (s.cmd.venue = 'bybit'),
    amount_not_positive: nothing,
  },
  'return-payment': {
    hold_not_found: noHold,
    hold_mismatch: otherAccount,
    already_returned: (s) => void (s.returnedBefore = true),
    hold_not_captured: hold(PLACED),
    venue_mismatch: (s) => void (s.cmd.venue = 'bybit'),
    not_returnable: (s) => {
      s.cmd.venue = 'wallet';
      if (s.hold?.state === 'captured') s.hold = { ...s.hold, venue: 'wallet' };
    },
    not_proven: (s) => void (s.cmd.isProven = false),
    amount_not_positive: nothing,
    exceeds_payment: (s) => void (s.cmd.amount = usdt('9.000001')),
    capture_reversed: (s) => void (s.reversedBefore = true),
    balance_too_large: full,
  },
  'record-gas': {
    reference_reused: (s) => void (s.gasBefore = true),
    amount_not_positive: noGas,
    not_native: (s) => void (s.cmd.gas = Amount.of(s.cmd.gas.toString(), USDT)),
    above_ceiling: (s) => void (s.cmd.gas = Amount.of('0.21', s.cmd.gas.asset)),
  },
  'record-gas-top-up': {
    reference_reused: (s) => void (s.gasBefore = true),
    amount_not_positive: noGas,
    not_native: (s) => void (s.cmd.network = 'BSC'),
    above_ceiling: (s) => void (s.cmd.gas = Amount.of('10.1', s.cmd.gas.asset)),
  },
  'record-wallet-funding': {
    reference_reused: (s) => void (s.gasBefore = true),
    amount_not_positive: noGas,
    network_mismatch: (s) => void (s.cmd.network = 'BSC'),
    above_ceiling: (s) => void (s.cmd.gas = Amount.of('30000.1', s.cmd.gas.asset)),
  },
  'reverse-entry': {
    entry_not_found: (s) => void (s.entry = null),
    entry_mismatch: otherAccount,
    not_reversible: (s) => void (s.entry &&= { ...s.entry, kind: 'reversal' }),
    insufficient_funds: (s) => void (s.posted = '19'),
    balance_too_large: (s) => {
      full(s);
      const postings = s.entry?.postings.map(({ account, amount }) => ({
        account,
        amount: amount.negated(),
      }));
      s.entry &&= { ...s.entry, kind: 'transfer', postings: postings ?? [] };
    },
  },
};

/** Pairs that cannot be true together, beside two states of one hold and a state of no hold. */
const CONTRADICTIONS = new Set([
  'amount_not_positive insufficient_funds',
  'amount_not_positive exceeds_payment',
  'venue_mismatch not_returnable',
  'account_not_found account_frozen',
  'account_not_found balance_too_large',
  'account_frozen balance_too_large',
  'insufficient_funds balance_too_large',
  'amount_not_positive above_ceiling',
  'policy_denied limit_exceeded', // the policy gives one refusal
]);
const OF_A_HOLD = [
  'already_captured',
  'already_released',
  'already_expired',
  'not_expirable',
  'not_due',
  'hold_not_captured',
];

function together(first: string, second: string): boolean {
  const states =
    OF_A_HOLD.includes(second) && (first === 'hold_not_found' || OF_A_HOLD.includes(first));
  return !states && !CONTRADICTIONS.has(`${first} ${second}`);
}

const RUN: Record<
  Command,
  (book: Book, cmd: Scenario['cmd']) => Result<unknown, { kind: string }>
> = {
  'open-account': (book, cmd) => openAccount(book, cmd, AT),
  'freeze-account': (book, cmd) => freezeAccount(book, cmd, AT),
  'unfreeze-account': (book, cmd) => unfreezeAccount(book, cmd, AT),
  'transfer-funds': (book, cmd) => transferFunds(book, cmd, AT, () => 'new'),
  'assign-hold': (book, cmd) =>
    assignHold(book, { ...cmd, venue: 'bybit', from: cmd.assignedBefore }, AT),
  'grant-hold': (book, cmd) => grantHold(book, { ...cmd, grant: 'k' }),
  'start-submission': (book, cmd) => startSubmission(book, cmd, AT),
  'expire-hold': (book, cmd) => expireHold(book, cmd, AT),
  'return-payment': (book, cmd) => returnPayment(book, cmd, AT, () => 'new'),
  'reverse-entry': (book, cmd) => reverseEntry(book, cmd, AT, () => 'new'),
  'fund-account': (book, cmd) => fundAccount(book, cmd, AT, () => 'new'),
  'place-hold': (book, cmd) => placeHold(book, { ...cmd, policy: withoutRules(cmd.amount) }, AT),
  'capture-hold': (book, cmd) => captureHold(book, cmd, AT, () => 'new'),
  'release-hold': (book, cmd) => releaseHold(book, cmd, AT),
  'record-gas': (book, cmd) =>
    recordGas(book, { ...cmd, amount: cmd.gas, wallet: 'hot' }, AT, () => 'new'),
  'record-gas-top-up': (book, cmd) =>
    recordGasTopUp(book, { ...cmd, amount: cmd.gas }, AT, () => 'new'),
  'record-wallet-funding': (book, cmd) =>
    recordWalletFunding(book, { ...cmd, amount: cmd.gas, wallet: 'hot' }, AT, () => 'new'),
  'record-venue-fee': (book, cmd) =>
    recordVenueFee(book, { ...cmd, reference: null }, AT, () => 'new'),
};

function outcome(command: Command, ...spoilers: Spoiler[]): string {
  const scenario: Scenario = {
    account: true,
    frozen: false,
    posted: '100',
    hold: START[command] ?? null,
    heldBefore: false,
    entry: ENTRY,
    fundedBefore: false,
    transferredBefore: false,
    feeBefore: false,
    returnedBefore: false,
    reversedBefore: false,
    gasBefore: false,
    freezeBefore: command === 'unfreeze-account',
    cmd: { ...CMD },
  };
  spoilers.forEach((spoil) => spoil(scenario));
  const result = RUN[command](new Book(rowsOf(scenario)), scenario.cmd);
  return result.ok ? 'ok' : result.refusal.kind;
}

function rowsOf(s: Scenario): Partial<BookRows> {
  const held =
    s.hold?.state === 'placed' && s.hold.amount.lessThan(usdt(s.posted))
      ? s.hold.amount
      : usdt('0');
  return {
    accounts: s.account ? [{ id: 'a', name: 'first', openedAt: AT, frozen: s.frozen }] : [],
    freezes: s.freezeBefore
      ? [{ accountId: 'a', freezeId: 'f', reason: 'r', frozenAt: AT, liftedAt: null }]
      : [],
    balances: s.account ? [{ accountId: 'a', posted: usdt(s.posted), held }] : [],
    holds: [
      ...(s.hold ? [s.hold] : []),
      ...(s.heldBefore ? [{ ...CAPTURED, withdrawalId: 'first', reference: CMD.reference }] : []),
    ],
    entries: s.entry ? [s.entry] : [],
    fundings: s.fundedBefore
      ? [{ accountId: 'a', reference: 'r', amount: usdt('5'), entryId: 'e' }]
      : [],
    venueFees: s.feeBefore
      ? [
          {
            withdrawalId: 'w',
            reference: null,
            accountId: 'a',
            venue: 'gateio',
            amount: usdt('5'),
            entryId: 'e',
          },
        ]
      : [],
    returns: s.returnedBefore
      ? [{ withdrawalId: 'w', accountId: 'a', venue: 'gateio', amount: usdt('5'), entryId: 'x' }]
      : [],
    reversals: s.reversedBefore
      ? [{ accountId: 'a', reverses: 'e', lines: null, reason: 'r', entryId: 'x' }]
      : [],
    ...(s.gasBefore && {
      gas: [{ ...GAS, wallet: 'hot' as const }],
      gasTopUps: [GAS],
      walletFundings: [{ ...GAS, wallet: 'hot' as const }],
    }),
    transfers: s.transferredBefore
      ? [
          {
            accountId: 'a',
            reference: 'r',
            from: 'customer:a',
            to: 'suspense',
            amount: usdt('8'),
            entryId: 'e',
          },
        ]
      : [],
  };
}

const COMMANDS = Object.keys(REFUSAL_ORDER) as Command[];
const pairs = COMMANDS.flatMap((command) =>
  REFUSAL_ORDER[command].flatMap((first, index) =>
    REFUSAL_ORDER[command].slice(index + 1).map((second) => [command, first, second] as const),
  ),
).filter(([, first, second]) => together(first, second));

describe('refusals', () => {
  it.each(COMMANDS)('%s succeeds when no rule is broken', (command) => {
    expect(outcome(command)).toBe('ok');
  });

  it.each(
    COMMANDS.flatMap((command) => REFUSAL_ORDER[command].map((kind) => [command, kind] as const)),
  )('%s: %s', (command, kind) => {
    expect(outcome(command, SPOILERS[command][kind]!)).toBe(kind);
  });

  it.each(pairs)('%s: %s wins over %s', (command, first, second) => {
    expect(outcome(command, SPOILERS[command][second]!, SPOILERS[command][first]!)).toBe(first);
  });

  it('are listed in the README in the order in which they win', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const command of COMMANDS) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${command}\``)) ?? '';
      expect([...row.matchAll(/\d+ `(\w+)`/g)].map((match) => match[1])).toEqual(
        REFUSAL_ORDER[command],
      );
    }
  });
});
