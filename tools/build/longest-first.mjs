// Starts the longest test files of a project first, so that no process of the runner ends alone. Jest
// itself knows only the times of earlier runs on the same machine, and otherwise orders by size.
import Sequencer from '@jest/test-sequencer';
import { SECONDS } from './test-seconds.mjs';

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const secondsOf = ({ path }) =>
      SECONDS[path.replace(/^.*?\/(?=(?:apps|libs|tools)\/[^/]+\/src\/)/, '')] ?? 0;
    return super.sort(tests).toSorted((one, other) => secondsOf(other) - secondsOf(one));
  }
}
