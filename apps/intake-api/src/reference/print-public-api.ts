import 'reflect-metadata';
import { describePublicApi } from './public-api.js';

/** Used by `npm run reference`: prints the document generated from the code to standard output. */
process.stdout.write(`${JSON.stringify(await describePublicApi(), null, 2)}\n`);
