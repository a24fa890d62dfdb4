import { cliConfig } from './settings/config.js';
import { runCli } from './run-cli.js';

// A reader such as `head` may close the pipe early: EPIPE is ignored, because the output was no
// longer wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { exitCode, stdout, stderr } = await runCli(
  process.argv.slice(2),
  cliConfig(),
  (text) => void process.stderr.write(`${text}\n`),
);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
