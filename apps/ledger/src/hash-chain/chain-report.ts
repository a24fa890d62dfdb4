/** Last link of a chain, in the book or as published. */
export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

/** Chain head signed by the ledger. */
export interface SignedHead extends ChainHead {
  /** The public key, 32 bytes in base64. */
  readonly key: string;
  /** In base64. */
  readonly signature: string;
}

/** Chain head given by a caller for comparison. */
export type GivenHead = ChainHead & Partial<SignedHead>;

/**
 * First difference between a chain and the journal: the link, and up to 20 of the entries
 * concerned.
 */
export interface Divergence {
  readonly kind:
    | 'link_missing'
    | 'link_changed'
    | 'link_unkeyed'
    | 'link_key_unknown'
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_misplaced'
    | 'head_differs'
    | 'published_head_differs'
    | 'checkpoint_differs'
    | 'checkpoint_forged'
    | 'entry_unchained'
    | 'entry_chained_twice';
  readonly shard: number | null;
  readonly sequence: string | null;
  readonly entries: readonly string[];
}

export interface ChainReport {
  /**
   * Time of the newest checkpoint: older entries are in detached partitions and are not walked.
   * Null while no partition is detached.
   */
  readonly since: string | null;
  readonly links: number;
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  /** Given heads not signed by this ledger. Their content proves no fault of the book. */
  readonly forged: readonly GivenHead[];
  readonly divergence: Divergence | null;
}

/** Most entries named in a divergence. */
export const MAX_ENTRIES_NAMED = 20;

export function fault(
  kind: Divergence['kind'],
  place: Pick<ChainHead, 'shard' | 'sequence'> | null,
  entries: readonly string[],
): Divergence {
  return {
    kind,
    shard: place?.shard ?? null,
    sequence: place?.sequence ?? null,
    entries: entries.slice(0, MAX_ENTRIES_NAMED),
  };
}
