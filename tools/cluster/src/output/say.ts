/** Prints sentences, each with the minute and second since the beginning. */
export class Teller {
  private readonly since = performance.now();

  say(sentence: string): void {
    console.log(`${clock(performance.now() - this.since)}  ${sentence}`);
  }

  /** Prints the sentence and the duration after the work is done. */
  async during<T>(done: string | ((result: T) => string), work: () => Promise<T>): Promise<T> {
    const since = performance.now();
    const result = await work();
    const what = typeof done === 'string' ? done : done(result);
    this.say(`${what} (${((performance.now() - since) / 1_000).toFixed(1)} s)`);
    return result;
  }
}

export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
}
