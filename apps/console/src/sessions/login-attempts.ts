import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database } from '@sluice/postgres';
import type { SealedSecret } from '@sluice/signing';
import type { LoginSecrets } from '../issuer/issuer.js';
import { hashOf, newSecret } from './cookies.js';
import { LoginRate } from './login-rate.js';
import { TokenSeals } from './token-seals.js';

export const LOGIN_LIFE_MS = 600_000;

interface LoginAttempt {
  readonly secrets: LoginSecrets;
  /** Path of the console to which the login returns. */
  readonly target: string;
}

/** Logins that have gone to the issuer. Each ends once, and only in the browser that began it. */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly database: Database,
    private readonly seals: TokenSeals,
    private readonly rate: LoginRate,
  ) {}

  /** Throws LoginFloodError if the address of the request has begun too many. */
  async begin(request: FastifyRequest, browser: string, target: string): Promise<LoginSecrets> {
    await this.rate.pass(request);
    const secrets = { state: newSecret(), nonce: newSecret(), verifier: newSecret() };
    const key = keyOf(browser, secrets.state);
    await this.database.query('DELETE FROM login_attempt WHERE ends_at < now()', []);
    await this.database.query(
      `INSERT INTO login_attempt (key_hash, secrets, target, ends_at)
       VALUES ($1, $2::jsonb, $3, now() + $4 * interval '1 millisecond')`,
      [key, this.seals.seal(JSON.stringify(secrets), key), target, LOGIN_LIFE_MS],
    );
    return secrets;
  }

  /** Takes the attempt away. Null for an unknown, used or old one, or one of another browser. */
  async take(browser: string, state: string): Promise<LoginAttempt | null> {
    const key = keyOf(browser, state);
    const [row] = await this.database.query<{ secrets: SealedSecret; target: string }>(
      'DELETE FROM login_attempt WHERE key_hash = $1 AND ends_at > now() RETURNING secrets, target',
      [key],
    );
    if (!row) return null;
    const secrets = JSON.parse(this.seals.open(row.secrets, key)) as LoginSecrets;
    return { secrets, target: row.target };
  }
}

function keyOf(browser: string, state: string): string {
  return hashOf(`${browser} ${state}`);
}
