import { readConfig } from './config.js';
import { startSimulator } from './simulator.js';

const config = readConfig();
const simulator = await startSimulator(config);
process.stdout.write(`${config.venue} simulator on ${simulator.url}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.stop());
