import { Custom, Text } from '../../../common/validation/index.js';
import { USERNAME } from '../username.js';

/** More would only cost hashing time. */
const LONGEST_PASSWORD = 1024;

export class SignupDto {
  @Text({ required: true, min: 3, max: 50, pattern: USERNAME, description: 'Letters, digits and . _ @ + -' })
  username: string;

  @Text({ required: true, min: 8, max: LONGEST_PASSWORD })
  password: string;

  @Custom(() => null, { description: 'Ignored. Programs of other servers send it.', api: { type: String } })
  role?: unknown;
}

export class LoginDto {
  @Text({ required: true, max: 200 })
  username: string;

  @Text({ required: true, max: LONGEST_PASSWORD })
  password: string;
}
