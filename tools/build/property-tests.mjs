// Property tests draw the same cases in every run, so that the same code gets the same verdict twice, here and in CI.
// `SLUICE_PROPERTY_RUNS=10000 npm run test:unit` looks for new ones: that many, other ones each time. What it finds becomes a test of its own.
import fc from 'fast-check';

const runs = Number(process.env.SLUICE_PROPERTY_RUNS ?? 0);

fc.configureGlobal(runs > 0 ? { numRuns: runs } : { seed: 1 });
