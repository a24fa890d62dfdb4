// Measured seconds of the longest test files of the kinds `integration`, `e2e` and `faults`, on two
// quiet cores.
import { readFileSync } from 'node:fs';

export const SECONDS = JSON.parse(
  readFileSync(new URL('./test-seconds.json', import.meta.url), 'utf8'),
);
