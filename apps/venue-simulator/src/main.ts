import { CannotStart } from './sim/facts.js';
import { simulatorConfig } from './config.js';
import { startSimulator, type Simulator } from './simulator.js';

const simulators: Simulator[] = [];
try {
  for (const config of simulatorConfig()) {
    const simulator = await startSimulator(config);
    simulators.push(simulator);
    process.stdout.write(`${config.venue} simulator on ${simulator.url}\n`);
  }
  const certificates = new Set(simulators.map(({ certificate }) => certificate));
  for (const file of certificates)
    if (file !== null) process.stdout.write(`clients have to trust ${file}\n`);
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  process.stderr.write(`simulator: ${error.message}\n`);
  process.exit(1); // simulators started earlier end as well
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => simulators.forEach((simulator) => void simulator.stop()));
