import { runDoomed } from '@sluice/connector-testing';
import { UPVEST_KIT } from './upvest-kit.js';

await runDoomed(UPVEST_KIT);
