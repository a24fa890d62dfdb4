import type { ApiKeyDto } from '@sluice/http-api';
import type { Tone } from '../../format/states.js';

/** State of a key for people. Whether its expiry has passed is shown beside it, by the server's time. */
export function keyState({ revoked_at: revokedAt, expires_at: expiresAt }: KeyTimes): {
  readonly text: string;
  readonly tone: Tone;
} {
  if (revokedAt !== null) return { text: 'revoked', tone: 'quiet' };
  return expiresAt === null
    ? { text: 'valid', tone: 'good' }
    : { text: 'valid until its expiry', tone: 'good' };
}

type KeyTimes = Pick<ApiKeyDto, 'revoked_at' | 'expires_at'>;
