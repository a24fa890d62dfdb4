import type { Instant, LedgerRefusal } from '@sluice/ledger-core';
import type { Result, UnitWorths } from '@sluice/kernel';
import type { ApprovalCases } from '../approval-cases/approval-cases.js';
import type { BatchPolicy } from '../policy/batch-policy.js';
import type { SignedOrders } from '../signers/signed-orders.js';
import type { LedgerCommand, LedgerEvent } from '../wire/ledger-command.js';
import * as wire from '../wire/wire.js';
import type { HoldAuthority } from './hold-authority.js';

/** Result of a command: the event to publish, and the refusal if the command was refused. */
export interface CommandDecision {
  readonly command: LedgerCommand;
  readonly event: LedgerEvent;
  readonly refusal: LedgerRefusal | null;
}

/** Inputs of a decision besides the book. */
export interface Deciding {
  readonly at: Instant;
  readonly newId: () => string;
  readonly authority: HoldAuthority;
  readonly orders: SignedOrders;
  readonly policy: BatchPolicy;
  /** The ledger had allowed the hold before a restore; default false. */
  readonly wasAllowed?: boolean;
  /** Payments that wait for people. */
  readonly cases: ApprovalCases;
  /** Unit values of currencies without a built-in ceiling (default: none). */
  readonly worths?: UnitWorths;
}

/** Returns the event of the result, or the refusal of the command. */
export function answer<T>(
  command: LedgerCommand,
  result: Result<T, LedgerRefusal>,
  toEvent: (value: T) => LedgerEvent,
): CommandDecision {
  if (result.ok) return { command, event: toEvent(result.value), refusal: null };
  return {
    command,
    event: wire.commandRefused(command, result.refusal.kind),
    refusal: result.refusal,
  };
}
