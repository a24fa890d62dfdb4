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

/**
 * Returns the tests in a report of `tools/build/jest.mjs`. Throws if a whole file could not run,
 * because the results of the file's tests are unknown.
 */
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
