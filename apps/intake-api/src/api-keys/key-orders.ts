import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type CreatedApiKeyDto,
  type RotatedApiKeyDto,
} from '@sluice/http-api';
import { Approvals } from '@sluice/service-shell';
import { CREATE_KEY, KeyApprovals, ROTATE_KEY, type KeyCaller } from './key-approvals.js';
import { KeyChanges, type IssuedKey, type NewKey, type KeyRotation } from './key-changes.js';

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

  /** Returns the new key with its secret, or the awaited approval. */
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
