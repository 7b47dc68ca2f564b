import type { IncomingHttpHeaders } from 'node:http';
import { readBearerToken } from './bearer-token.js';

/** What a request says about who sends it. */
export interface PresentedCredential {
  token: string | undefined;
  /** The project that the request is for, where it says. */
  projectId: string | undefined;
}

export function readCredential(headers: IncomingHttpHeaders): PresentedCredential {
  const project = headers['openai-project'];
  return {
    token: readBearerToken(headers.authorization),
    projectId: (Array.isArray(project) ? project.join(', ') : project) || undefined,
  };
}
