import type { Agree } from '../api-keys/key-changes.js';

/** Agreement of a test to a change of a key: no second person is needed. */
export const ALONE: Agree<never> = () => Promise.resolve(null);
