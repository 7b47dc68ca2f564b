import type { ExecutionContext } from '@nestjs/common';
import { AssistantsBetaGuard } from './assistants-beta.guard.js';

const activate = (header: string | undefined): boolean => {
  const http = { getRequest: () => ({ header: () => header }) };
  return new AssistantsBetaGuard().canActivate({ switchToHttp: () => http } as unknown as ExecutionContext);
};

test.each([undefined, 'assistants=v2', 'other=v1, assistants=v2', 'other=v1;assistants=v2'])(
  '%j is let in',
  (header) => {
    expect(activate(header)).toBe(true);
  },
);

test.each(['assistants=v1', 'other=v2', '', 'assistants=', 'myassistants=v2', 'assistants=v22'])(
  '%j is refused',
  (header) => {
    expect(() => activate(header)).toThrow(
      expect.objectContaining({ status: 400, code: 'invalid_beta', param: null }) as Error,
    );
  },
);
