import { SDK_7 } from './sdks.js';
import { describeSdkContract } from './suites/sdk-contract.js';

describeSdkContract(SDK_7);
