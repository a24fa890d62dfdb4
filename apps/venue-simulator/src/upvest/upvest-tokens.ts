import { randomBytes } from 'node:crypto';
import type { Scope } from './upvest-identities.js';

interface Grant {
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
  readonly generation: number;
}

/** Access tokens that were given out. In memory only: a restart ends them all, as their end of life would. */
export class TokenBook {
  private readonly grants = new Map<string, Grant>();

  issue(grant: Grant): string {
    const token = `ory_at_${randomBytes(24).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
    this.grants.set(token, grant);
    return token;
  }

  /** The scopes of a living token of this client; null for any other text. */
  scopesOf(
    token: string,
    clientId: string,
    now: number,
    generation: number,
  ): readonly Scope[] | null {
    const grant = this.grants.get(token);
    if (!grant || grant.clientId !== clientId || grant.generation !== generation) return null;
    if (now < grant.expiresAt) return grant.scopes;
    this.grants.delete(token);
    return null;
  }

  /**
   * Keeps valid tokens over a reset: tokens of the old generation move to the new generation, and
   * all other tokens are removed.
   */
  carryOver(from: number, to: number): void {
    for (const [token, grant] of this.grants)
      if (grant.generation === from) this.grants.set(token, { ...grant, generation: to });
      else this.grants.delete(token);
  }
}
