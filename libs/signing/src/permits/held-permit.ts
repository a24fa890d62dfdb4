import type { PermitKeys } from './permit-keys.js';
import type { PermitStatement } from './permit-statement.js';

/** Longest life of a permit; a longer life in a statement does not count. */
export const PERMIT_LIFE_MS = 120_000;
/** Largest difference between the auditor's clock and the reader's clock. */
const CLOCKS_DIFFER_MS = 60_000;

/** Times of the reader's clocks in milliseconds, for example of the process and of its database. */
export type ReadClocks = () => readonly number[];

/** A payment, as far as a permit names payments. */
export interface PermittedOrder {
  readonly asset: string;
  readonly accountId: string;
}

/**
 * What became of a permit: it is the newest; or it has ended or is older, as usual after a restart;
 * or the auditor did not issue it for this venue and time.
 */
export type TakenPermit =
  { readonly kind: 'newest' } | { readonly kind: 'stale' | 'refused'; readonly cause: string };

interface Held {
  readonly text: string;
  readonly statement: PermitStatement;
  readonly endsAtMs: number;
}

/**
 * The newest permit of a venue, in the memory of a process. An older permit is refused while the
 * newest lasts: neither a database nor a caller can bring an older permit back.
 */
export class HeldPermit {
  private held: Held | null = null;

  constructor(
    private readonly venue: string,
    private readonly keys: PermitKeys,
    private readonly clocks: ReadClocks,
  ) {}

  take(text: string): TakenPermit {
    if (this.held?.text === text) return this.isCurrent(this.held) ? NEWEST : EXPIRED;
    const read = this.keys.read(text);
    if (!read.ok) return refused(read.refusal);
    const statement = read.value;
    if (statement.venue !== this.venue) return refused(`the permit is for ${statement.venue}`);
    const issuedAtMs = statement.issuedAt.getTime();
    const endsAtMs = Math.min(statement.expiresAt.getTime(), issuedAtMs + PERMIT_LIFE_MS);
    const taken = { text, statement, endsAtMs };
    if (!this.isCurrent(taken)) return EXPIRED;
    if (issuedAtMs > Math.min(...this.clocks()) + CLOCKS_DIFFER_MS)
      return refused(
        'the permit was issued in the future: compare the clocks of this service and of the auditor',
      );
    const newest = this.current()?.statement.number ?? statement.number;
    if (statement.number < newest)
      return { kind: 'stale', cause: `the permit is older than number ${newest}` };
    this.held = taken;
    return NEWEST;
  }

  /** The newest permit as it was signed; null without a current permit. */
  get text(): string | null {
    return this.current()?.text ?? null;
  }

  /** The newest statement, and its end by the clock that is ahead; null without a current permit. */
  current(): Held | null {
    return this.held && this.isCurrent(this.held) ? this.held : null;
  }

  /** Milliseconds until the newest permit ends; 0 without a current permit. */
  leftMs(): number {
    const held = this.current();
    return held === null ? 0 : held.endsAtMs - Math.max(...this.clocks());
  }

  /** Returns the reason why nothing at all may be sent; null with a permit of the venue. */
  venueFault(): string | null {
    const held = this.current();
    if (held === null)
      return `${this.venue} waits for the auditor's permit: no current permit is known`;
    return held.statement.granted
      ? null
      : `${this.venue} waits for the auditor's permit: a finding of the auditor has withdrawn it`;
  }

  /** Returns the reason why the order must not be sent; null with a permit. */
  fault({ asset, accountId }: PermittedOrder): string | null {
    const fault = this.venueFault();
    if (fault !== null) return fault;
    const { accounts = [], assets = [] } = this.current()?.statement.withheld ?? {};
    if (assets.includes(asset)) return `the auditor's permit withholds ${asset}`;
    return accounts.includes(accountId) ? `the auditor's permit withholds ${accountId}` : null;
  }

  private isCurrent({ endsAtMs }: Held): boolean {
    return Math.max(...this.clocks()) < endsAtMs;
  }
}

const NEWEST = { kind: 'newest' } as const;
const EXPIRED = { kind: 'stale', cause: 'the permit has expired' } as const;

function refused(cause: string): TakenPermit {
  return { kind: 'refused', cause };
}
