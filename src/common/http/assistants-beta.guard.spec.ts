import type { ExecutionContext } from '@nestjs/common';
import { AssistantsBetaGuard } from './assistants-beta.guard.js';

const CHOICES = ['required', 'optional'] as const;
type Choice = (typeof CHOICES)[number];

const activate = (choice: Choice, header: string | undefined): boolean => {
  const http = { getRequest: () => ({ header: () => header }) };
  const guard = new AssistantsBetaGuard({ OPENAI_BETA_HEADER: choice });
  return guard.canActivate({ switchToHttp: () => http } as unknown as ExecutionContext);
};

const refuse = (choice: Choice, header: string | undefined): void =>
  expect(() => activate(choice, header)).toThrow(
    expect.objectContaining({ status: 400, code: 'invalid_beta', param: null }) as Error,
  );

describe.each(CHOICES)('the header is %s', (choice) => {
  test.each(['assistants=v2', 'other=v1, assistants=v2', 'other=v1;assistants=v2'])('%j is let in', (header) => {
    expect(activate(choice, header)).toBe(true);
  });

  test.each(['assistants=v1', 'other=v2', '', 'assistants=', 'myassistants=v2', 'assistants=v22'])(
    '%j is refused',
    (header) => refuse(choice, header),
  );
});

test('absent, it is refused where it is required', () => refuse('required', undefined));

test('absent, it is taken as v2 where it is optional', () => {
  expect(activate('optional', undefined)).toBe(true);
});
