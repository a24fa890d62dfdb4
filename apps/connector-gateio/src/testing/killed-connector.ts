import { killedConnectorMain } from '@sluice/connector-testing';
import { GATEIO_KIT } from './gateio-kit.js';

await killedConnectorMain(GATEIO_KIT);
