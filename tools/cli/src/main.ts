import { cliConfig } from './config.js';
import { runCli } from './run-cli.js';

// The reader may leave early, as `head` does: that is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { exitCode, stdout, stderr } = await runCli(process.argv.slice(2), cliConfig());
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
