import { SimulatorControl, type ContractOrder } from '@sluice/testing';
import { TestConnector } from './start-connector.js';

/** A connector in a process of its own, which a crash point kills: it takes one order and goes on until then. */
const { DATABASE_URL = '', SIMULATOR_URL = '', ORDER = '' } = process.env;
const connector = await TestConnector.start(DATABASE_URL, new SimulatorControl(SIMULATOR_URL));
await connector.submit([JSON.parse(ORDER) as ContractOrder]);
