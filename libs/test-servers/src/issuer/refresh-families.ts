/** Rotating refresh tokens: each token is used once, and a second use ends the whole family. */
import { randomText, ShortLived } from './answers.js';

const FAMILY_LIFE_MS = 86_400_000;

/** Refresh tokens that follow from one login. */
export interface Family {
  readonly sid: string;
  readonly name: string;
  readonly client: string;
}

interface Issued {
  readonly family: Family;
  /** Token from which this one followed. */
  readonly before: Issued | null;
  usedAtMs: number | null;
  isFollowed: boolean;
}

export class RefreshFamilies {
  private readonly issued = new ShortLived<Issued>(FAMILY_LIFE_MS);
  private readonly ended = new ShortLived<true>(FAMILY_LIFE_MS);
  private readonly reuseWithinMs: number;

  constructor(reuseWithinMs: number) {
    this.reuseWithinMs = reuseWithinMs;
  }

  /** Returns the first token of a family, or the token after a used one. */
  issue(family: Family, used: string | null): string {
    const before = used === null ? null : this.issued.get(used);
    const token = randomText();
    this.issued.set(token, { family, before, usedAtMs: null, isFollowed: false });
    return token;
  }

  /** Uses a token up and returns its family. Null for an unknown, used or ended token. */
  use(token: string, client: string): Family | null {
    const found = this.issued.get(token);
    if (!found || found.family.client !== client) return null;
    const { family, before, usedAtMs, isFollowed } = found;
    const isLost = !isFollowed && Date.now() - (usedAtMs ?? 0) < this.reuseWithinMs;
    if (usedAtMs !== null && !isLost) this.end(family.sid);
    found.usedAtMs ??= Date.now();
    if (before !== null) before.isFollowed = true;
    return this.ended.get(family.sid) ? null : family;
  }

  /** Ends the family of a token. */
  revoke(token: string, client: string): void {
    const found = this.issued.get(token);
    if (found?.family.client === client) this.end(found.family.sid);
  }

  end(sid: string): void {
    this.ended.set(sid, true);
  }
}
