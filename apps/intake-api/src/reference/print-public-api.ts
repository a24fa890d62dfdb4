import 'reflect-metadata';
import { describePublicApi } from './public-api.js';

/** For `npm run reference`: the document as it follows from the code, on standard output. */
process.stdout.write(`${JSON.stringify(await describePublicApi(), null, 2)}\n`);
