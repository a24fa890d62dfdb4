import { Injectable } from '@nestjs/common';
import { AdminError } from '@sluice/admin-client';
import type { AwaitedDto, Caller } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import { Approvals, type Demand, InjectLogger, type Logger } from '@sluice/service-shell';
import { LedgerClient } from '../other-services/ledger-client.js';
import {
  isPowerful,
  newKeyReason,
  POWERFUL,
  rotationReason,
  type AccountMoney,
  type KeyReason,
} from './key-rule.js';
import type { Agree, NewKey, KeyRotation } from './key-changes.js';

/** Person with a key order. `isSecond` is true for the approval of a stored demand. */
export interface KeyCaller {
  readonly caller: Caller;
  readonly isSecond: boolean;
}

export const CREATE_KEY = 'create key';
export const ROTATE_KEY = 'rotate key';

/** Decides in the transaction of a new or rotated key whether one person is enough. */
@Injectable()
export class KeyApprovals {
  constructor(
    private readonly approvals: Approvals,
    private readonly ledger: LedgerClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Asks the ledger for the account's money before the transaction. */
  async forNewKey(key: NewKey, { caller, isSecond }: KeyCaller): Promise<Agree<AwaitedDto>> {
    const { accountId, label, permissions } = key;
    if (!isPowerful(permissions)) return () => Promise.resolve(null);
    const money = await this.moneyOf(accountId);
    const demand = { action: CREATE_KEY, target: `${accountId} ${label}`, request: key };
    return async (tx) => {
      await tx.query(LOCK, [accountId]);
      const [row] = await tx.query<{ has: boolean }>(HAS_POWERFUL_KEY, [accountId, POWERFUL]);
      const reason = newKeyReason(accountId, money, row?.has ?? true);
      return reason === null && !isSecond ? null : this.agreed(tx, demand, caller, reason);
    };
  }

  forRotation(keyId: string, rotation: KeyRotation, caller: Caller): Agree<AwaitedDto> {
    const demand = { action: ROTATE_KEY, target: keyId, request: { keyId, ...rotation } };
    return (tx, permissions) => {
      const reason = rotationReason(keyId, permissions);
      return reason === null ? Promise.resolve(null) : this.agreed(tx, demand, caller, reason);
    };
  }

  private async agreed(
    tx: Tx,
    demand: Demand,
    caller: Caller,
    reason: KeyReason | null,
  ): Promise<AwaitedDto | null> {
    const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
    if (awaited) return { ...awaited, ...reason };
    await this.approvals.approve(tx, demand, caller);
    return null;
  }

  /** An account unknown to the ledger has no money yet. */
  private async moneyOf(accountId: string): Promise<AccountMoney> {
    try {
      return (await this.ledger.balances(accountId)).length > 0 ? 'some' : 'none';
    } catch (err) {
      if (err instanceof AdminError && err.status === 404) return 'none';
      this.logger.warn({ err, accountId }, 'the ledger did not show the balances of an account');
      return 'unknown';
    }
  }
}

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('keys of ' || $1, 0))`;

/** Earlier keys count also after their revocation. */
const HAS_POWERFUL_KEY = `
  SELECT EXISTS (SELECT FROM api_key WHERE account_id = $1 AND permissions && $2::text[]) AS has`;
