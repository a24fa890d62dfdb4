import type { ClientSetup } from './client-libraries.js';
import type { LibraryClient } from './client-process.js';
import { SimulatorProcess } from './simulator-process.js';

interface GivenLibrary {
  readonly simulator: SimulatorProcess;
  /** Client with the main key. */
  readonly client: LibraryClient;
}

/**
 * Starts a simulator for all tests of a file, with a reset before each test, and a client of the
 * library. For specs only.
 */
export function givenLibrary(
  venue: string,
  library: ClientSetup['library'],
  change: Partial<ClientSetup> = {},
): GivenLibrary {
  let given: GivenLibrary | null = null;
  beforeAll(async () => {
    const simulator = await SimulatorProcess.start(venue);
    given = { simulator, client: await simulator.client(library, change) };
  });
  beforeEach(() => started().simulator.control.reset());
  afterAll(() => given?.simulator.stop());

  return {
    get simulator() {
      return started().simulator;
    },
    get client() {
      return started().client;
    },
  };

  function started(): GivenLibrary {
    if (given === null) throw new Error('the simulator starts before the first test');
    return given;
  }
}
