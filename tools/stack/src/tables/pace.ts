/**
 * Pace of the simulated venue: `real` has the venue's limits and visible status times, `fast` has
 * no limits and short times.
 */
export type Pace = 'real' | 'fast';
