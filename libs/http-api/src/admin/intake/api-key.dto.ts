import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  FlagField,
  TextField,
  TextListField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { isIpRule } from './ip-rule.js';

/**
 * Permissions of a key. The names are defined by the public contract, except the last two, added
 * by us.
 */
export const PERMISSIONS = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'list_currencies',
  'list_transactions',
  'request_withdrawal_funding_address',
  'request_deposit_address',
  'read_deposit_status',
  'manage_webhooks',
  'manage_addresses',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/**
 * Signature algorithms: HMAC with a secret shared with us, or Ed25519 with a private key held only
 * by the customer.
 */
const KEY_ALGORITHMS = ['hmac-sha256', 'ed25519'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

const isPermission = (text: string): boolean => PERMISSIONS.some((known) => known === text);

/** Path parameters of a key. */
export class ApiKeyParams {
  @TextField() key_id!: string;
}

export class CreateApiKeyDto {
  @TextField({}, { optional: true, description: 'purpose of the key' }) label?: string | null;
  @ChoiceField(KEY_ALGORITHMS, { optional: true, description: 'default hmac-sha256' })
  algorithm?: KeyAlgorithm | null;
  @TextField(
    {},
    {
      optional: true,
      description: 'of an ed25519 key: SPKI in base64, the line inside of its PEM',
    },
  )
  public_key?: string | null;
  @TextListField(
    { isGood: isPermission, expected: `one of ${PERMISSIONS.join(', ')}` },
    { optional: true, description: 'permissions; default none' },
  )
  permissions?: readonly Permission[] | null;
  @WholeNumberField(
    { min: 1, max: 2_000_000_000 },
    { optional: true, description: 'requests per minute; default 60' },
  )
  rate_limit_per_min?: number | null;
  @TextListField(
    { isGood: isIpRule, expected: 'an IP address or CIDR range of at most /8 (IPv6: /16)' },
    {
      optional: true,
      description: 'allowed addresses; required for a key with the permission withdraw',
    },
  )
  allowed_ips?: readonly string[] | null;
  @FlagField({ optional: true, description: 'a key that may withdraw works from any address' })
  any_address?: boolean | null;
  @WholeNumberField(
    { min: 0, max: 3_650 },
    {
      optional: true,
      description:
        'days until expiry; 0: never. Default 90 for a key with the permission withdraw, never for other keys',
    },
  )
  expires_in_days?: number | null;
}

export class RotateApiKeyDto {
  @TextField({}, { optional: true, description: 'the next one of an ed25519 key' })
  public_key?: string | null;
  @WholeNumberField(
    { min: 0, max: 2_592_000 },
    { optional: true, description: 'overlap in which both secrets are valid; default one day' },
  )
  overlap_seconds?: number | null;
  @WholeNumberField(
    { min: 0, max: 3_650 },
    {
      optional: true,
      description:
        'days until expiry; 0: never. Default as for a new key, or never if the key had no expiry',
    },
  )
  expires_in_days?: number | null;
}

class ApiKeyLimitsDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ enum: PERMISSIONS, isArray: true }) permissions!: readonly string[];
  @WholeNumberField({ min: 1, max: 2_000_000_000 }) rate_limit_per_min!: number;
  @ApiProperty({ type: [String] }) allowed_ips!: readonly string[];
  @TimeField({ optional: true }) expires_at!: string | null;
}

/**
 * Created key. No later response shows the secret. The secret is null for an Ed25519 key, because
 * the service never has the private key.
 */
export class CreatedApiKeyDto extends ApiKeyLimitsDto {
  @ChoiceField(KEY_ALGORITHMS) algorithm!: KeyAlgorithm;
  @TextField({}, { optional: true }) secret!: string | null;
  @TextField({}, { optional: true }) public_key!: string | null;
  @TextField({}, { optional: true }) warning!: string | null;
}

/** Rotated key. Besides creation, only this response contains a secret. */
export class RotatedApiKeyDto {
  @TextField({ max: 64 }) key_id!: string;
  @TextField({}, { optional: true }) secret!: string | null;
  @TextField({}, { optional: true }) public_key!: string | null;
  /** End of the validity of the previous secret. */
  @TimeField({ optional: true }) overlap_until!: string | null;
  @TimeField({ optional: true }) expires_at!: string | null;
}

export class ApiKeyDto extends ApiKeyLimitsDto {
  @TextField() label!: string;
  @ChoiceField(KEY_ALGORITHMS) algorithm!: KeyAlgorithm;
  @TimeField() created_at!: string;
  @TimeField({ nullable: true, description: 'to the minute; null: never' })
  last_used_at!: string | null;
  @TimeField({ optional: true }) overlap_until!: string | null;
  @TimeField({ optional: true }) revoked_at!: string | null;
}

export class RevokedApiKeyDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ type: Boolean }) revoked!: true;
}

/** Result for keys sealed with another SECRETS_KEK. */
export class RewrappedKeysDto {
  @WholeNumberField({ min: 0, max: 2_000_000_000 }) sealed!: number;
  /** Keys refused because decryption failed. */
  @ApiProperty({ type: [String] }) refused!: readonly string[];
}
