export interface JestTest {
  readonly title: string;
  readonly passed: boolean;
  readonly messages: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The tests of a report of `tools/build/jest.mjs`. Throws where a whole file could not be run: then nothing is known of its tests. */
export function testsOf(json: string): readonly JestTest[] {
  return (JSON.parse(json) as Report).testResults.flatMap(({ message, assertionResults }) => {
    if (assertionResults.length === 0) throw new Error(message);
    return assertionResults.map(({ fullName, status, failureMessages }) => ({
      title: fullName,
      passed: status === 'passed',
      messages: failureMessages,
    }));
  });
}
