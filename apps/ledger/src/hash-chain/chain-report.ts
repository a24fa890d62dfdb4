/** The last link of a chain, as it stands in the book or as it was published. */
export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

/** A head that its ledger has signed. */
export interface SignedHead extends ChainHead {
  /** The public key, 32 bytes in base64. */
  readonly key: string;
  /** In base64. */
  readonly signature: string;
}

/** A head that somebody gives to be compared with. */
export type GivenHead = ChainHead & Partial<SignedHead>;

/** The first place where a chain and the journal differ: which link, and up to 20 of the entries concerned. */
export interface Divergence {
  readonly kind:
    | 'link_missing'
    | 'link_changed'
    | 'link_unkeyed'
    | 'link_key_unknown'
    | 'cutover_missing'
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
  /** The newest checkpoint: entries before it are in detached partitions and are not walked. Null while nothing is detached. */
  readonly since: string | null;
  readonly links: number;
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  /** Those of the given heads that this ledger did not sign. They say nothing of the book. */
  readonly forged: readonly GivenHead[];
  readonly divergence: Divergence | null;
}

/** How many entries a divergence names at most. */
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
