import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Result, UnitWorths } from '@sluice/kernel';
import type { Instant, LedgerRefusal } from '@sluice/ledger-core';
import { Database } from '@sluice/postgres';
import type { ApprovalCases } from '../approval-cases/approval-cases.js';
import type { BatchPolicy } from '../policy/batch-policy.js';
import type { SignedOrders } from '../signers/signed-orders.js';
import type { LedgerCommand, LedgerEvent } from '../wire/ledger-command.js';
import * as wire from '../wire/wire.js';
import type { HoldAuthority } from './hold-authority.js';

export interface CommandDecision {
  readonly command: LedgerCommand;
  readonly event: LedgerEvent;
  readonly refusal: LedgerRefusal | null;
}

export interface Deciding {
  readonly at: Instant;
  readonly newId: () => string;
  readonly authority: HoldAuthority;
  readonly orders: SignedOrders;
  readonly policy: BatchPolicy;
  /** The ledger had allowed the hold before a restore; default false. */
  readonly wasAllowed?: boolean;
  readonly cases: ApprovalCases;
  /** Unit values of currencies without a built-in ceiling (default: none). */
  readonly worths?: UnitWorths;
}

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

/**
 * Refused captures that halt the book: a venue has paid, but the money is free again, was never
 * held, or was not approved. Other refusals leave the money held or captured.
 */
const HALTING: ReadonlySet<LedgerRefusal['kind']> = new Set([
  'already_released',
  'already_expired',
  'hold_not_found',
  'not_approved',
]);
const MOST_NAMED = 3;

/** Returns the reason to halt the book because of refused captures; null without such a capture. */
export function reasonToHalt(decisions: readonly CommandDecision[]): string | null {
  const refused = decisions.flatMap(({ command, refusal }) =>
    command.type === 'ledger.capture-hold.v1' && refusal && HALTING.has(refusal.kind)
      ? [`withdrawal ${command.data.withdrawalId} (${refusal.kind})`]
      : [],
  );
  if (refused.length === 0) return null;
  const named = refused.slice(0, MOST_NAMED).join(', ');
  const more = refused.length > MOST_NAMED ? ` and ${refused.length - MOST_NAMED} more` : '';
  return `a paid withdrawal has no hold to capture: ${named}${more}. Follow "A capture was refused" in docs/operations/runbook.md`;
}

@Injectable()
export class TimeAndIds {
  /** Database time, shared by all instances and by the rows of our other services. */
  readonly now: () => Date;
  /** UUIDv7: primary keys grow at the end of the index. */
  readonly newId: () => string = randomUUIDv7;

  constructor(database: Database) {
    this.now = () => database.clock.now();
  }
}
