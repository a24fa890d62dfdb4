import { Body, Get, Param, Post } from '@nestjs/common';
import {
  type Accepted,
  acceptedWhenAwaited,
  AccountParams,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  ApiKeyDto,
  ApiKeyParams,
  type AwaitedDto,
  type Caller,
  CallerOf,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  MayAwait,
  Requires,
  RevokedApiKeyDto,
  RewrappedKeysDto,
  ROLES,
  RotateApiKeyDto,
  RotatedApiKeyDto,
} from '@sluice/http-api';
import { isIntakePublicKey } from '@sluice/signing';
import { AccountStore } from '../accounts/account-store.js';
import { defaultLifetimeDays, KeyChanges } from './key-changes.js';
import { KeyOrders } from './key-orders.js';
import { KeyStore } from './key-store.js';

const DEFAULT_RATE_LIMIT = 60;
const DAY_SECONDS = 86_400;
const PUBLIC_KEY = 'an Ed25519 public key: SPKI in base64, the line inside of its PEM';

@AdminController('accounts/:account_id/keys')
export class AccountKeysController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly store: KeyStore,
    private readonly orders: KeyOrders,
  ) {}

  /** Lists all keys of an account, including revoked keys, without secrets. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(ApiKeyDto)
  async keys(@Param() { account_id }: AccountParams): Promise<ApiKeyDto[]> {
    await this.accounts.mustExist(account_id);
    return this.store.list(account_id);
  }

  /**
   * Creates a key. The secret is returned only once. An Ed25519 key has the customer's public key
   * and no secret. A key with power over an account with money awaits a second person, who gets the
   * secret.
   */
  @Post()
  @Requires('administer')
  @Answers(CreatedApiKeyDto)
  @MayAwait()
  async createKey(
    @Param() { account_id }: AccountParams,
    @Body() body: CreateApiKeyDto,
    @CallerOf() caller: Caller,
  ): Promise<CreatedApiKeyDto | Accepted<AwaitedDto>> {
    await this.accounts.mustExist(account_id);
    const publicKey = publicKeyOf(body);
    const permissions = [...new Set(body.permissions)];
    const fromAnywhere = isEmpty(body.allowed_ips);
    if (permissions.includes('withdraw') && fromAnywhere && body.any_address !== true)
      throw ApiError.invalid(['allowed_ips: A key that may withdraw needs them, or any_address']);
    if (body.any_address === true && !fromAnywhere)
      throw ApiError.invalid(['any_address: There is a list of addresses']);
    const order = {
      accountId: account_id,
      label: body.label ?? 'key',
      publicKey,
      permissions,
      rateLimit: body.rate_limit_per_min ?? DEFAULT_RATE_LIMIT,
      allowedIps: body.allowed_ips ?? [],
      expiresInDays: body.expires_in_days ?? defaultLifetimeDays(permissions),
    };
    return acceptedWhenAwaited(await this.orders.create(order, caller));
  }
}

function publicKeyOf({ algorithm, public_key: publicKey }: CreateApiKeyDto): string | null {
  const fault =
    algorithm === 'ed25519'
      ? publicKeyFault(publicKey)
      : isAbsent(publicKey)
        ? null
        : 'Only a key with the algorithm ed25519 has one';
  if (fault !== null) throw ApiError.invalid([`public_key: ${fault}`]);
  return publicKey ?? null;
}

function publicKeyFault(publicKey: string | null | undefined): string | null {
  if (isAbsent(publicKey)) return 'Field required';
  return isIntakePublicKey(publicKey ?? '') ? null : `Input should be ${PUBLIC_KEY}`;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isEmpty(list: readonly string[] | null | undefined): boolean {
  return (list ?? []).length === 0;
}

@AdminController('keys')
export class ApiKeysController {
  constructor(
    private readonly changes: KeyChanges,
    private readonly orders: KeyOrders,
  ) {}

  /**
   * Adds a second secret or public key to the key. The previous secret stays valid only for the
   * overlap. A secret is returned only once. A key that may withdraw, manage webhooks or
   * manage addresses awaits a second person, who gets the secret.
   */
  @Post(':key_id/rotate')
  @Requires('administer')
  @Answers(RotatedApiKeyDto)
  @MayAwait()
  async rotateKey(
    @Param() { key_id }: ApiKeyParams,
    @Body() { overlap_seconds, expires_in_days, public_key }: RotateApiKeyDto,
    @CallerOf() caller: Caller,
  ): Promise<RotatedApiKeyDto | Accepted<AwaitedDto>> {
    if (!isAbsent(public_key) && !isIntakePublicKey(public_key ?? ''))
      throw ApiError.invalid([`public_key: Input should be ${PUBLIC_KEY}`]);
    const rotation = {
      publicKey: public_key ?? null,
      overlapSeconds: overlap_seconds ?? DAY_SECONDS,
      ...(typeof expires_in_days === 'number' && { expiresInDays: expires_in_days }),
    };
    return acceptedWhenAwaited(await this.orders.rotate(key_id, rotation, caller));
  }

  /**
   * Seals all keys sealed by another SECRETS_KEK again with the current key-encrypting key. The
   * other key-encrypting key is no longer needed afterwards.
   */
  @Post('rewrap')
  @Requires('administer')
  @Answers(RewrappedKeysDto)
  rewrapKeys(): Promise<RewrappedKeysDto> {
    return this.changes.rewrap();
  }

  /** Revokes a key permanently. A repeat has no further effect. */
  @Post(':key_id/revoke')
  @Requires('administer')
  @Answers(RevokedApiKeyDto)
  async revokeKey(@Param() { key_id }: ApiKeyParams): Promise<RevokedApiKeyDto> {
    if (!(await this.changes.revoke(key_id))) throw ApiError.notFound('API key not found');
    return { key_id, revoked: true };
  }
}
