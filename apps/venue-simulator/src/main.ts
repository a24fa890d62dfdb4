import { readConfig } from './config.js';
import { startSimulator, type Simulator } from './simulator.js';

const simulators: Simulator[] = [];
for (const config of readConfig()) {
  const simulator = await startSimulator(config);
  simulators.push(simulator);
  process.stdout.write(`${config.venue} simulator on ${simulator.url}\n`);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => simulators.forEach((simulator) => void simulator.stop()));
