import { killedConnectorMain } from '@sluice/connector-testing';
import { UPVEST_KIT } from './upvest-kit.js';

await killedConnectorMain(UPVEST_KIT);
