import { ok, type Result } from '@sluice/kernel';
import { monotonicMs } from '@sluice/runtime';

/** Facts of a venue, each kept for a time. One question at a time per key; a failure is not kept. */
export class FreshAnswers<Key, Fact, Failure> {
  private readonly known = new Map<Key, { readonly fact: Fact; readonly readAtMs: number }>();
  private readonly asking = new Map<Key, Promise<Result<Fact, Failure>>>();

  constructor(private readonly freshForMs: number) {}

  async of(key: Key, ask: () => Promise<Result<Fact, Failure>>): Promise<Result<Fact, Failure>> {
    const known = this.known.get(key);
    if (known && monotonicMs() - known.readAtMs < this.freshForMs) return ok(known.fact);
    const asked =
      this.asking.get(key) ?? this.keep(key, ask).finally(() => this.asking.delete(key));
    this.asking.set(key, asked);
    return asked;
  }

  private async keep(
    key: Key,
    ask: () => Promise<Result<Fact, Failure>>,
  ): Promise<Result<Fact, Failure>> {
    const answer = await ask();
    if (answer.ok) this.known.set(key, { fact: answer.value, readAtMs: monotonicMs() });
    return answer;
  }
}
