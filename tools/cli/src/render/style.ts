import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Text styles. Plain if the output is a pipe or file, or with NO_COLOR. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
}

export function styleOf(colours: boolean): Style {
  const paint = (format: 'bold' | 'dim' | 'green' | 'red' | 'yellow'): Paint => {
    return (text) => (colours ? styleText(format, text, { validateStream: false }) : text);
  };
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    doubtful: paint('yellow'),
  };
}

/**
 * Colours of states of withdrawals, submissions and webhooks; no state name has two meanings. Other
 * states are in progress and stay plain.
 */
const MOODS: Readonly<Record<string, 'good' | 'bad' | 'doubtful' | 'dim'>> = {
  completed: 'good',
  settled: 'good',
  delivered: 'good',
  rejected: 'bad',
  failed: 'bad',
  refused: 'bad',
  disputed: 'bad',
  uncertain: 'doubtful',
  unknown: 'doubtful',
  undecided: 'doubtful',
  paused: 'doubtful',
  absent: 'dim',
  cancelled: 'dim',
  deleted: 'dim',
};

export function paintState(state: string, style: Style): Paint {
  const mood = MOODS[state];
  return mood ? style[mood] : (text) => text;
}
