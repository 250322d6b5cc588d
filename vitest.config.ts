import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Starts PostgreSQL and Redis, once per run, for the projects that need them. */
const globalSetup = 'tests/start-test-servers.ts';

/** What takes longest begins first, and everything else fits beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ['simulation', 'scenarios'];
    const place = ({ project }: TestSpecification) => {
      const index = order.indexOf(project.name);
      return index === -1 ? order.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'services/*/src/**/*.test.ts',
            'infra/migrate/*.test.ts',
            'infra/check-compose/**/*.test.ts',
            'infra/chaos/**/*.test.ts',
          ],
        },
      },
      { extends: true, test: { name: 'local', include: ['infra/local/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [
            'packages/*/tests/**/*.test.ts',
            'services/*/tests/**/*.test.ts',
            'infra/migrate/tests/**/*.test.ts',
            'infra/stripe-setup/tests/**/*.test.ts',
            'tests/defects/**/*.test.ts',
          ],
          globalSetup,
        },
      },
      { extends: true, test: { name: 'scenarios', include: ['tests/scenarios/**/*.test.ts'], globalSetup } },
      {
        extends: true,
        test: { name: 'simulation', include: ['tests/simulation/**/*.test.ts'], globalSetup },
      },
    ],
  },
});
