import 'reflect-metadata';
import { IntakeApiModule } from './intake-api.module.js';
import { describePublicApi } from './reference/document/public-api.js';

/** Used by `npm run reference`: prints the document generated from the code to standard output. */
process.stdout.write(`${JSON.stringify(await describePublicApi(IntakeApiModule), null, 2)}\n`);
