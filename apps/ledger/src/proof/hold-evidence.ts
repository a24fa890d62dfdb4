import type { Hold } from '@sluice/ledger-core';
import type { HoldAuthority } from '../commands/hold-authority.js';
import { type ChainKeys, endKeyOf, type HoldKind, secretOf } from '../hash-chain/chain-keys.js';
import { HOLD_ROW, holdFrom, type HoldRow } from '../postgres/hold-row.js';
import { LOWEST_ID, type Query } from '../sql/id-ranges.js';

/** Name of the check in reports. */
export const HOLD_EVIDENCE = 'holds-end-with-evidence';

/** Secrets to verify the evidence of holds: lock keys, and the venues' proofs. */
export interface HoldSecrets {
  readonly keys: ChainKeys;
  readonly authority: HoldAuthority;
}

/** Hold without valid evidence. */
interface EvidenceFault {
  readonly withdrawal_id: string;
  readonly state: string;
  readonly fault:
    'not_placed_by_us' | 'ended_without_key' | 'key_unknown' | 'release_unproven' | 'unreadable';
}

/** Rows of each part of a repeated check. */
const HOLDS_AT_ONCE = 250;
/** Rows of a page of the whole check: about 20 ms without an answer to other requests. */
const PAGE = 2_000;

/**
 * Verifies placing, key of the end, and a venue's proof of a release; a refused hold has no
 * evidence.
 */
function evidenceFault(row: HoldRow, { keys, authority }: HoldSecrets): EvidenceFault | null {
  const fault = (kind: EvidenceFault['fault']): EvidenceFault => ({
    withdrawal_id: row.withdrawalId,
    state: row.state,
    fault: kind,
  });
  const hold = readable(row);
  if (hold === null) return fault('unreadable');
  if (hold.state === 'refused') return null;
  if (!keys.knows(secretOf(hold.lock))) return fault('key_unknown');
  const mustExpire = hold.state === 'expired' || row.expiresAt !== null;
  const kinds: readonly HoldKind[] | undefined = mustExpire ? ['expiring'] : undefined;
  const key = endKeyOf(keys, hold, kinds);
  if (hold.state === 'placed') return key === null ? fault('not_placed_by_us') : null;
  if (key === null || row.endKey !== key) return fault('ended_without_key');
  if (hold.state !== 'released' || hold.digest === null || hold.assignedTo === null) return null;
  const { assignedTo, proof } = hold;
  if (proof === null && authority.isAwaiting(hold)) return null;
  if (proof === null) return fault('release_unproven');
  if (!authority.hasKeysOf(assignedTo, proof)) return fault('key_unknown');
  return authority.provesNothingMoved(hold, assignedTo, proof) ? null : fault('release_unproven');
}

/** Parses a row. A row that the ledger cannot read must not end the check of the others. */
function readable(row: HoldRow): Hold | null {
  try {
    return holdFrom(row);
  } catch {
    return null;
  }
}

/** Result of the check of every hold. */
export interface HoldEvidenceReport {
  readonly verified: number;
  readonly faults: readonly EvidenceFault[];
}

/** Verifies every hold of the book, a bounded number at a time. */
export async function checkHoldEvidence(
  query: Query,
  secrets: HoldSecrets,
): Promise<HoldEvidenceReport> {
  const faults: EvidenceFault[] = [];
  let verified = 0;
  let after = LOWEST_ID;
  for (;;) {
    const rows = await query<HoldRow>(NEXT, [after, PAGE]);
    verified += rows.length;
    faults.push(...faultsOf(rows, secrets));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return { verified, faults };
    after = last.withdrawalId;
  }
}

/**
 * Checks a bounded number of rows: newest, released and placed holds, and in turn all others. The
 * position is out of a database login's reach.
 */
export class HoldEvidenceWatch {
  private after = LOWEST_ID;
  /** Holds with a fault at the last check, verified again each time. */
  private wrong: readonly string[] = [];

  constructor(private readonly secrets: HoldSecrets) {}

  /** A removed key must not halt the book: the proof of the book reports it. */
  async look(query: Query): Promise<readonly EvidenceFault[]> {
    const newest = await query<HoldRow>(NEWEST, [HOLDS_AT_ONCE]);
    const open = await query<HoldRow>(NEWEST_IN_STATE, ['placed', HOLDS_AT_ONCE]);
    const released = await query<HoldRow>(NEWEST_IN_STATE, ['released', HOLDS_AT_ONCE]);
    const others = await query<HoldRow>(NEXT, [this.after, HOLDS_AT_ONCE]);
    this.after =
      others.length < HOLDS_AT_ONCE ? LOWEST_ID : (others.at(-1)?.withdrawalId ?? LOWEST_ID);
    const wrong = this.wrong.length > 0 ? await query<HoldRow>(BY_ID, [this.wrong]) : [];
    const byId = new Map(
      [...newest, ...open, ...released, ...others, ...wrong].map((row) => [row.withdrawalId, row]),
    );
    const faults = faultsOf([...byId.values()], this.secrets).filter(
      ({ fault }) => fault !== 'key_unknown',
    );
    this.wrong = faults.slice(0, HOLDS_AT_ONCE).map((fault) => fault.withdrawal_id);
    return faults;
  }
}

function faultsOf(rows: readonly HoldRow[], secrets: HoldSecrets): readonly EvidenceFault[] {
  return rows.flatMap((row) => evidenceFault(row, secrets) ?? []);
}

const NEWEST = `SELECT ${HOLD_ROW} FROM hold ORDER BY withdrawal_id DESC LIMIT $1`;
const NEWEST_IN_STATE = `SELECT ${HOLD_ROW} FROM hold WHERE state = $1 AND state <> 'captured' ORDER BY withdrawal_id DESC LIMIT $2`;
const BY_ID = `SELECT ${HOLD_ROW} FROM hold WHERE withdrawal_id = ANY ($1::uuid[])`;
const NEXT = `SELECT ${HOLD_ROW} FROM hold WHERE withdrawal_id > $1::uuid ORDER BY withdrawal_id LIMIT $2`;
