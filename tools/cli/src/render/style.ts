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
const MOODS: readonly (readonly ['good' | 'bad' | 'doubtful' | 'dim', string])[] = [
  ['good', 'completed settled delivered'],
  ['bad', 'rejected failed refused disputed'],
  ['doubtful', 'uncertain unknown undecided paused'],
  ['dim', 'absent cancelled deleted'],
];

/** Returns the colour of the state that a text begins with. */
export function paintState(text: string, style: Style): Paint {
  const [state = ''] = text.split(' ', 1);
  const [mood] = MOODS.find(([, states]) => states.split(' ').includes(state)) ?? [];
  return mood === undefined ? (plain) => plain : style[mood];
}
