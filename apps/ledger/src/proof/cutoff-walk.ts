import { fault, type ChainHead, type Divergence } from '../hash-chain/chain-report.js';

/**
 * Most carried entries of a chain. A link has the entries of a single transaction, and few
 * transactions commit late. A larger number means a wrong clock or an unfinished month.
 */
const MAX_CARRIED = 10_000;

/**
 * Observes a walk along a chain to find the cut for archiving old partitions. Later walks begin at
 * `head`, the last link with an archived entry. `carried` are entries of earlier links still in the
 * journal, covered by the checkpoint's MAC.
 */
export class CutoffWalk {
  /** The last link with an archived entry. */
  head: ChainHead;
  carried: string[];
  private stayingSinceHead: string[] = [];
  private tooManyStay = false;

  constructor(
    start: ChainHead,
    carried: readonly string[],
    private readonly isArchived: (id: string) => boolean,
  ) {
    this.head = start;
    this.carried = carried.filter((id) => !isArchived(id));
  }

  /**
   * Takes the next link. Returns a divergence if an archived entry follows more remaining entries
   * than `MAX_CARRIED`.
   */
  pass(link: ChainHead, entries: readonly string[]): Divergence | null {
    if (!this.tooManyStay)
      this.stayingSinceHead.push(...entries.filter((id) => !this.isArchived(id)));
    if (entries.some((id) => this.isArchived(id))) {
      if (this.tooManyStay || this.carried.length + this.stayingSinceHead.length > MAX_CARRIED)
        return fault(
          'entry_misplaced',
          link,
          entries.filter((id) => this.isArchived(id)),
        );
      this.carried.push(...this.stayingSinceHead);
      this.stayingSinceHead = [];
      this.head = { shard: link.shard, sequence: link.sequence, hash: link.hash };
    } else if (this.stayingSinceHead.length > MAX_CARRIED) {
      [this.stayingSinceHead, this.tooManyStay] = [[], true];
    }
    return null;
  }
}
