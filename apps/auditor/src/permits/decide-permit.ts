import type { PermitStatement } from '@sluice/signing';

export interface OpenFinding {
  readonly scope: 'all' | 'venue' | 'asset' | 'account';
  /** Null for the scope `all`. */
  readonly target: string | null;
  /** A condition, such as an outage of the venue, lets the permit end; a difference withdraws the permit. */
  readonly is_condition: boolean;
}

/** State of a venue by the auditor's database. */
export interface PermitState {
  readonly venue: string;
  readonly now: Date;
  /** Every message published before is stored; null: not known. */
  readonly followed_through: Date | null;
  /** Begin of the last complete reading; null: none. */
  readonly read_at: Date | null;
  /** Cover and time of the last permit; null before the first permit. */
  readonly cover: string | null;
  readonly issued_at: Date | null;
}

export interface OwnWork {
  readonly isRead: boolean;
  /** Since this time, by the database's clock, messages and readings are recent; null: they are not. */
  readonly recentSince: Date | null;
  /** Begin of this process's last complete comparison; null: none. */
  readonly comparedFrom: Date | null;
}

export type Cover = Pick<PermitStatement, 'granted' | 'withheld'>;

/** Older messages, readings and comparisons do not count for a permit. */
const RECENT_MS = 60_000;
/** With more, the whole venue is withheld: a permit has a largest size. */
const MOST_WITHHELD = 500;
const NOTHING = { assets: [], accounts: [] };
const WITHDRAWN: Cover = { granted: false, withheld: NOTHING };

/** True if the stored messages, and the venue's record where it is read, are recent. */
export function isRecent(
  { now, followed_through: followed, read_at: read }: PermitState,
  isRead: boolean,
): boolean {
  return isWithin(followed, now) && (!isRead || isWithin(read, now));
}

/**
 * Cover of the permit to issue now, or null. A difference withdraws its scope at once; without
 * recent facts, or during a condition, the last permit ends.
 */
export function decidePermit(
  state: PermitState,
  findings: readonly OpenFinding[],
  work: OwnWork,
  renewalMs: number,
): Cover | null {
  const { now, issued_at: issuedAt } = state;
  const cover = coverOf(state.venue, findings);
  const isChanged = textOfCover(cover) !== state.cover;
  const isDue = isChanged || !issuedAt || now.getTime() - issuedAt.getTime() >= renewalMs;
  if (!isDue) return null;
  if (!cover.granted || isSound(state, findings, work)) return cover;
  return isChanged && withholdsMore(cover, state.cover) ? WITHDRAWN : null;
}

/** Text of what a permit covers, for comparison. */
export function textOfCover({ granted, withheld: { assets, accounts } }: Cover): string {
  return JSON.stringify([granted, assets, accounts]);
}

function coverOf(venue: string, findings: readonly OpenFinding[]): Cover {
  const differences = findings.filter((one) => !one.is_condition);
  if (differences.some((one) => isOfVenue(one, venue))) return WITHDRAWN;
  const [assets, accounts] = [targets(differences, 'asset'), targets(differences, 'account')];
  if (assets.length + accounts.length > MOST_WITHHELD) return WITHDRAWN;
  return { granted: true, withheld: { assets, accounts } };
}

function isOfVenue({ scope, target }: OpenFinding, venue: string): boolean {
  return scope === 'all' || (scope === 'venue' && target === venue);
}

function targets(findings: readonly OpenFinding[], wanted: OpenFinding['scope']): string[] {
  const of = findings.flatMap(({ scope, target }) =>
    scope === wanted && target !== null ? [target] : [],
  );
  return [...new Set(of)].sort();
}

/** A permit needs a complete comparison that began after messages and readings became recent. */
function isSound(
  state: PermitState,
  findings: readonly OpenFinding[],
  { isRead, recentSince, comparedFrom }: OwnWork,
): boolean {
  if (recentSince === null || !isRecent(state, isRead)) return false;
  if (comparedFrom === null || comparedFrom <= recentSince || !isWithin(comparedFrom, state.now))
    return false;
  return !findings.some((one) => one.is_condition && isOfVenue(one, state.venue));
}

/** True if the last permit covers something that the new cover withholds. */
function withholdsMore({ withheld }: Cover, last: string | null): boolean {
  if (last === null) return false;
  const [granted, assets, accounts] = JSON.parse(last) as [boolean, string[], string[]];
  return (
    granted &&
    (withheld.assets.some((one) => !assets.includes(one)) ||
      withheld.accounts.some((one) => !accounts.includes(one)))
  );
}

function isWithin(time: Date | null, now: Date): boolean {
  return time !== null && now.getTime() - time.getTime() < RECENT_MS;
}
