/** Newest closed withdrawals that the process remembers, some 20 MB. */
const REMEMBERED = 200_000;

/**
 * Closed withdrawals known to this process. Their holds may be released: a payment of a withdrawal
 * whose row was removed would be paid and given back.
 */
export class ClosedMemory {
  private readonly ids = new Set<string>();

  constructor(private readonly remembered = REMEMBERED) {}

  learn(ids: readonly string[]): void {
    for (const id of ids) this.ids.add(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= this.remembered) return;
      this.ids.delete(oldest);
    }
  }

  /** Returns a known withdrawal that is missing among the closed ones; null for none. */
  reopened(asked: readonly string[], closed: readonly string[]): string | null {
    return asked.find((id) => this.ids.has(id) && !closed.includes(id)) ?? null;
  }
}
