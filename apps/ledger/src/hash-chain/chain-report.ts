/** The last link of a chain, as it stands in the book or as it was published. */
export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

/** The first place where a chain and the journal differ: which link, and up to 20 of the entries concerned. */
export interface Divergence {
  readonly kind:
    | 'link_missing'
    | 'link_changed'
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_misplaced'
    | 'head_differs'
    | 'published_head_differs'
    | 'checkpoint_differs'
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
