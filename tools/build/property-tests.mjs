// Property tests draw the same cases in every run: the same code gets the same verdict twice, here
// and in CI. `SLUICE_PROPERTY_RUNS=10000 npm run test:unit` searches with the given number of other
// cases, different each time. Each finding becomes a separate test.
import fc from 'fast-check';

const runs = Number(process.env.SLUICE_PROPERTY_RUNS ?? 0);

fc.configureGlobal(runs > 0 ? { numRuns: runs } : { seed: 1 });
