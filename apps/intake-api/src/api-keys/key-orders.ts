import { Injectable } from '@nestjs/common';
import { AdminError } from '@sluice/admin-client';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type CreatedApiKeyDto,
  type RotatedApiKeyDto,
} from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import {
  Approvals,
  type Demand,
  InjectLogger,
  type Logger,
  PasskeyRule,
} from '@sluice/service-shell';
import { LedgerClient } from '../other-services/ledger-client.js';
import {
  type Agree,
  type IssuedKey,
  KeyChanges,
  type KeyRotation,
  type NewKey,
} from './key-changes.js';

interface KeyCaller {
  readonly caller: Caller;
  readonly isSecond: boolean;
}

const CREATE_KEY = 'create key';
const ROTATE_KEY = 'rotate key';

/** Decides in the transaction of a new or rotated key whether one person is enough. */
@Injectable()
export class KeyApprovals {
  constructor(
    private readonly approvals: Approvals,
    private readonly ledger: LedgerClient,
    private readonly passkeys: PasskeyRule,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Asks the ledger for the account's money before the transaction. */
  async forNewKey(key: NewKey, { caller, isSecond }: KeyCaller): Promise<Agree<AwaitedDto>> {
    const { accountId, label, permissions } = key;
    if (!isPowerful(permissions)) return () => Promise.resolve(null);
    this.refuseSecretFor(caller, key.publicKey);
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
      if (isPowerful(permissions)) this.refuseSecretFor(caller, rotation.publicKey);
      const reason = rotationReason(keyId, permissions);
      return reason === null ? Promise.resolve(null) : this.agreed(tx, demand, caller, reason);
    };
  }

  /** A secret passes every server that forwards the answer, and the owner of that server can pay with it. */
  private refuseSecretFor(caller: Caller, publicKey: string | null | undefined): void {
    if ((publicKey ?? null) === null && this.passkeys.isNeeded(caller))
      throw new ApiError(403, SECRET_THROUGH_A_SERVER);
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

const SECRET_THROUGH_A_SERVER =
  'The secret of this key would pass another server: give the public_key of the customer, or use the operator command';

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('keys of ' || $1, 0))`;

/** Earlier keys count also after their revocation. */
const HAS_POWERFUL_KEY = `
  SELECT EXISTS (SELECT FROM api_key WHERE account_id = $1 AND permissions && $2::text[]) AS has`;

/** Money of an account, as far as the ledger shows it. `some` includes money that has left. */
export type AccountMoney = 'none' | 'some' | 'unknown';

/** Reason for a second person: a stable code, and a text for the first person. */
interface KeyReason {
  readonly code: 'key_of_account_with_money' | 'further_key_of_account' | 'rotation_of_key';
  readonly message: string;
}

/** Permissions to move money, to name recipients, or to read events elsewhere. */
const POWERFUL = ['withdraw', 'manage_webhooks', 'manage_addresses'] as const;

const POWER = 'may withdraw, manage webhooks or manage addresses';

export function isPowerful(permissions: readonly string[]): boolean {
  return POWERFUL.some((permission) => permissions.includes(permission));
}

/**
 * Reason why a new powerful key needs a second person; null only for the first key of an account
 * that never had money.
 */
export function newKeyReason(
  accountId: string,
  money: AccountMoney,
  hasPowerfulKey: boolean,
): KeyReason | null {
  const code = 'key_of_account_with_money';
  switch (money) {
    case 'some':
      return {
        code,
        message: `Account ${accountId} has or had money: a key that ${POWER} takes two people.`,
      };
    case 'unknown':
      return {
        code,
        message: `The ledger did not show the balances of account ${accountId}: a key that ${POWER} takes two people.`,
      };
    case 'none':
      return hasPowerfulKey
        ? {
            code: 'further_key_of_account',
            message: `Account ${accountId} already had a key that ${POWER}: a further one takes two people.`,
          }
        : null;
  }
}

/** Returns the reason why a rotation needs a second person; null for a key without power. */
export function rotationReason(keyId: string, permissions: readonly string[]): KeyReason | null {
  return isPowerful(permissions)
    ? {
        code: 'rotation_of_key',
        message: `Key ${keyId} ${POWER}: its rotation takes two people.`,
      }
    : null;
}

const ANY_ADDRESS = 'a thief of this key can withdraw from any address';

interface RotationOrder extends KeyRotation {
  readonly keyId: string;
}

/** Creates and rotates keys in the name of one person, or of two people where the rule demands them. */
@Injectable()
export class KeyOrders {
  constructor(
    private readonly changes: KeyChanges,
    private readonly rule: KeyApprovals,
    approvals: Approvals,
  ) {
    approvals.register(CREATE_KEY, (_target, request, caller) =>
      this.createBy(request as NewKey, { caller, isSecond: true }),
    );
    approvals.register(ROTATE_KEY, (_target, request, caller) => {
      const { keyId, ...rotation } = request as RotationOrder;
      return this.rotate(keyId, rotation, caller);
    });
  }

  create(key: NewKey, caller: Caller): Promise<CreatedApiKeyDto | AwaitedDto> {
    return this.createBy(key, { caller, isSecond: false });
  }

  /** Like `create`, for the next secret or public key of a key. */
  async rotate(
    keyId: string,
    rotation: KeyRotation,
    caller: Caller,
  ): Promise<RotatedApiKeyDto | AwaitedDto> {
    const agree = this.rule.forRotation(keyId, rotation, caller);
    const rotated = await this.changes.rotate(keyId, rotation, agree);
    if (rotated === null) throw ApiError.notFound('API key not found');
    if ('approval_id' in rotated) return rotated;
    const publicKey = rotation.publicKey ?? null;
    return {
      key_id: keyId,
      secret: publicKey === null ? rotated.secret : null,
      public_key: publicKey,
      overlap_until: rotated.overlapUntil?.toISOString() ?? null,
      expires_at: rotated.expiresAt?.toISOString() ?? null,
    };
  }

  private async createBy(key: NewKey, by: KeyCaller): Promise<CreatedApiKeyDto | AwaitedDto> {
    const agree = await this.rule.forNewKey(key, by);
    const created = await this.changes.create(key, agree);
    return 'approval_id' in created ? created : createdDto(key, created);
  }
}

function createdDto(key: NewKey, { keyId, secret, expiresAt }: IssuedKey): CreatedApiKeyDto {
  const publicKey = key.publicKey ?? null;
  const isOpen = key.allowedIps.length === 0 && key.permissions.includes('withdraw');
  return {
    key_id: keyId,
    algorithm: publicKey === null ? 'hmac-sha256' : 'ed25519',
    secret: publicKey === null ? secret : null,
    public_key: publicKey,
    permissions: key.permissions,
    rate_limit_per_min: key.rateLimit,
    allowed_ips: key.allowedIps,
    expires_at: expiresAt?.toISOString() ?? null,
    warning: isOpen ? ANY_ADDRESS : null,
  };
}
