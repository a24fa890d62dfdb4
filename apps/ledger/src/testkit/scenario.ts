import type { REFUSAL_ORDER } from '@sluice/ledger-core';
import {
  capture,
  expire,
  fund,
  openAccount,
  place,
  placeUntil,
  release,
  type CommandBody,
} from './given-ledger.js';

/** What is sent, and what is said to it: the event's word, then its data; a refused command has its reason alone. */
export interface Step {
  readonly send: CommandBody;
  readonly says: string;
  /** What is said to it after the whole scenario, where that is not the same: of a hold, the venue that has it then. */
  readonly saysAtTheEnd?: string;
  /** The ledger's time from here on. */
  readonly at?: string;
}

/** Accounts, withdrawals and entries have names here; the suite gives them ids. */
export interface Scenario {
  readonly rule: string;
  /** Set where it meets every refusal of a command, in the order in which they win. */
  readonly refusalsOf?: keyof typeof REFUSAL_ORDER;
  readonly steps: readonly Step[];
  /** `held of posted`, by account, or by account and asset. */
  readonly ends: Readonly<Record<string, string>>;
  /** The postings of entries. */
  readonly books?: Readonly<Record<string, readonly string[]>>;
}

export const EIGHT = '2026-11-20T08:00:00.000Z';
export const NINE = '2026-11-20T09:00:00.000Z';
export const FAR = '2999-01-01T00:00:00.000Z';

export const step = (send: CommandBody, says: string, at?: string): Step => ({
  send,
  says,
  ...(at !== undefined && { at }),
});

/** Account `a` with 100. */
export const OPENED: readonly Step[] = [
  step(openAccount('a'), 'account-opened a, demo'),
  step(
    fund('a', '100', 'first deposit'),
    'account-funded a, USDT.ETH, 100, first deposit, entry 1',
  ),
];
export const SECOND_ACCOUNT = step(openAccount('b'), 'account-opened b, demo');

export const w = place('a', '60', 'w');
export const placed = (hold: ReturnType<typeof place>): Step =>
  step(
    hold,
    `hold-placed ${hold.data.withdrawalId}, ${hold.data.accountId}, ${hold.data.asset}, ${hold.data.amount}`,
  );
export const captured = (hold: ReturnType<typeof place>, amount: string, entry: string): Step =>
  step(
    capture(hold, amount),
    `hold-captured ${hold.data.withdrawalId}, a, USDT.ETH, ${amount}, 0, ${entry}`,
  );
export const released = (hold: ReturnType<typeof place>): Step =>
  step(release(hold), `hold-released ${hold.data.withdrawalId}, a, USDT.ETH, ${hold.data.amount}`);

export const small = (withdrawalId: string) => place('a', '10', withdrawalId);
export const [lost, gone, kept] = [small('lost'), small('gone'), small('kept')];
export const due = placeUntil(NINE, 'a', '10', 'due');
export const ofAnother = <T extends { data: { accountId: string } }>(body: T): T => ({
  ...body,
  data: { ...body.data, accountId: 'b' },
});
/** Of a venue's order. */
export const DIGEST = 'a1'.repeat(32);
/** A hold that gateio may pay. */
const { type, data } = small('ordered');
export const ordered = { type, data: { ...data, digest: DIGEST, venue: 'gateio' } };
export const placedAtGateio = step(ordered, 'hold-placed ordered, a, gateio, USDT.ETH, 10');
/** One captured, one released, one expired, one still placed, of `a`. */
export const ENDED: readonly Step[] = [
  ...[...OPENED, SECOND_ACCOUNT, placed(lost), placed(gone), placed(kept), placed(w), placed(due)],
  captured(w, '60', 'entry 2'),
  released(lost),
  step(expire(due), 'hold-expired due, a, USDT.ETH, 10', NINE),
];
