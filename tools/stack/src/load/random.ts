/** Random numbers from a seed: equal seeds give equal numbers on every machine. */
export interface Random {
  /** Number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** Draws a name by weight. */
  weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T;
  chance(share: number): boolean;
  /** Independent sequence for another purpose: additional draws do not affect other sequences. */
  of(purpose: string): Random;
}

export function randomOf(seed: number | string): Random {
  let state = hash(String(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[whole(0, list.length - 1)];
    if (chosen === undefined) throw new Error('nothing to draw from');
    return chosen;
  };
  return {
    next,
    whole,
    pick,
    weighted: (weights) =>
      pick(
        Object.entries<number | undefined>(weights).flatMap(([name, weight]) =>
          Array<typeof name>(weight ?? 0).fill(name),
        ),
      ) as keyof typeof weights,
    chance: (share) => next() < share,
    of: (purpose) => randomOf(`${seed}/${purpose}`),
  };
}

/** FNV-1a over the text's UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}
